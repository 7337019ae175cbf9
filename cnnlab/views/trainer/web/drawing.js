// The Trainer's drawing: curves, filters and maps, the table of layers, and samples or the confusion matrix.

import {
  reconcile,
  set,
  setChanged,
  setText,
  shortWord,
  svg,
  unpack,
} from "../../shared/web/dom.js";
import { Drawing } from "../../shared/web/frame.js";
import { Curves } from "./charts.js";
import { Confusion } from "./confusion.js";
import { TRAINER } from "./layout.js";
import { Samples, scoreBars } from "./samples.js";
import { LayerTable } from "./table.js";
import { Album, TileImage } from "./tiles.js";

export class TrainerDrawing extends Drawing {
  constructor(parts, model) {
    super(parts, model);
    const { svgElement, say } = parts;
    set(svgElement, {
      viewBox: `0 0 ${TRAINER.width} ${TRAINER.height}`,
      preserveAspectRatio: "xMidYMin meet",
    });
    this.body = svg("g", {}, svgElement);
    this.curves = new Curves(this.body, say);
    this.filters = new TileImage(this.body, TRAINER.filters, "filters");
    this.maps = new TileImage(this.body, TRAINER.maps, "maps");
    this.image = svg("image", { ...TRAINER.image, class: "pixels" }, this.body);
    svg("rect", { ...TRAINER.image, class: "frame" }, this.body);
    this.imageTitle = svg(
      "text",
      { x: TRAINER.image.x, y: TRAINER.image.y - 7, class: "slice-title" },
      this.body,
    );
    this.scores = svg(
      "g",
      { transform: `translate(${TRAINER.image.x},${TRAINER.image.y + 90})` },
      this.body,
    );
    this.table = new LayerTable(this.body, say);
    this.album = new Album();
    this.samples = new Samples(this.body, say, this.album);
    this.confusion = new Confusion(this.body, say);
    /** @type {any} */
    this.runState = null; // where the run stands
    this.seen = null; // what is seen of the net, which may be of an earlier state
  }

  // runState: where the run stands; its `seen` may be missing, and what is drawn then stays.
  take(runState) {
    this.runState = runState;
    if (runState.seen) this.seen = runState.seen;
    this.paint();
  }

  paint() {
    const { model, runState, seen } = this;
    if (!runState || !seen) return;
    const scene = model.get("scene");
    const { checkpoints } = runState;
    const checkpoint = model.get("checkpoint");
    const step =
      checkpoint >= 0 && checkpoint < checkpoints.length ? checkpoints[checkpoint] : null;
    this.curves.paint(runState, step, scene.classes.length);
    this.paintTiles(seen);
    this.paintChosen(seen, scene);
    this.table.paint(seen);
    this.paintRight(scene);
  }

  paintTiles({ filters, maps }) {
    const { say, dark } = this;
    const title = filters ? shortWord(filterTitle(filters, say), 52) : say("trainer.no_filters");
    this.filters.paint(filters, title, dark);
    const { count, shown } = maps;
    const part = count === shown ? count : say("trainer.of", { shown, count });
    const words = say(maps.flat ? "trainer.numbers" : "trainer.maps", { count: part });
    this.maps.paint(maps, words, dark);
  }

  // The image whose maps are shown, with the classes the net finds likeliest.
  paintChosen({ answers: [chosen], images }, { classes }) {
    setChanged(this.image, { href: this.album.url(chosen.n, unpack(images), 0) });
    setText(this.imageTitle, shortWord(classes[chosen.truth], 11));
    const box = { x: 0, width: TRAINER.image.width, row: 19 };
    reconcile(this.scores, scoreBars(box, chosen, classes));
  }

  paintRight(scene) {
    const { model, seen, dark } = this;
    const matrix = model.get("panel") === "confusion";
    set(this.samples.group, { display: matrix ? "none" : null });
    set(this.confusion.group, { display: matrix ? null : "none" });
    if (matrix) this.confusion.paint(seen, scene, model.get("cell"), dark);
    else this.samples.paint(seen, scene, model.get("picture"));
  }
}

function filterTitle({ name, count, depth, tiles }, say) {
  const [K, C] = tiles.shape;
  const size = `${tiles.shape[2]}×${tiles.shape[3]}×${depth}`;
  const shown = K < count || C < depth ? say("trainer.filters_part", { K, C }) : "";
  return say("trainer.filters", { name, count, size, shown });
}
