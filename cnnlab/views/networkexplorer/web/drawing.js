// The explorer's drawing: all layers of a net with their scores, and over them the unit that is decomposed.

import { clamp, html, set, svg, unpack } from "../../shared/web/dom.js";
import { Drawing } from "../../shared/web/frame.js";
import { fitsWide, NE, overviewLayout } from "./layout.js";
import { Overview } from "./overview.js";
import { Scores, unpackedScores } from "./scores.js";
import { Edges } from "./edges.js";
import { DecompositionDrawing } from "./decomposition.js";
import { Pad } from "./pad.js";
import { colourOf, css, legend } from "../../shared/web/colour.js";
import { coloured } from "../../shared/web/maps.js";
import { chainOf } from "./words.js";

export class ExplorerDrawing extends Drawing {
  constructor(parts, model) {
    super(parts, model);
    set(parts.svgElement, { viewBox: `0 0 ${NE.wide} ${NE.high}` });
    this.body = svg("g", {}, parts.svgElement);
    this.bars = svg(
      "linearGradient",
      { id: `cnnlab-scale-${Math.random().toString(36).slice(2)}` },
      svg("defs", {}, this.body),
    );
    parts.root.style.setProperty("--scale-fill", `url(#${this.bars.id})`);
    this.colourBars();
    this.overview = new Overview(this);
    // What is panned away must not show under the scores, nor beside the drawing.
    this.backdrop = svg(
      "path",
      {
        d: `M${NE.wide - NE.scores} 0h2000v${NE.high}h-2000zM0 0h-2000v${NE.high}h2000z`,
        class: "backdrop",
      },
      this.body,
    );
    this.scores = new Scores(this);
    this.edges = new Edges(this);
    this.decomposition = new DecompositionDrawing(this);
    this.pad = new Pad(this);
    this.folded = null; // are layers that change single values drawn with the one before them?
    this.shift = 0; // how far the columns are panned
    this.hidden = 0; // how far they can be
    this.kept = null; // what the net looks like, as a key
    this.key = null; // and what the drawing was built for
    this.scene = null;
  }

  // The bar below a column: from the lowest value to the highest.
  colourBars() {
    this.bars.replaceChildren();
    for (let n = 0; n <= 8; n++)
      svg(
        "stop",
        { offset: n / 8, "stop-color": css(colourOf(n / 4 - 1, 1, "signed", this.dark)) },
        this.bars,
      );
  }

  get scope() {
    return this.model.get("scope");
  }

  take(packed) {
    this.scene = {
      ...packed,
      x: unpack(packed.x),
      softmax: unpackedScores(packed.softmax),
      nodes: packed.nodes.map((node) => ({ ...node, values: unpack(node.values) })),
    };
    this.pad.take(this.scene);
    const kept = JSON.stringify(
      this.scene.nodes.map(({ name, kind, units, shape }) => [name, kind, units.length, shape]),
    );
    if (kept !== this.kept) {
      this.kept = kept;
      this.folded = !fitsWide(this.scene);
      this.shift = 0;
    }
    const key = JSON.stringify([
      kept,
      this.folded,
      this.pad.on,
      this.scene.softmax?.numbers.length,
    ]);
    if (key !== this.key) this.build(key);
    this.paint();
  }

  build(key) {
    this.key = key;
    this.layout = overviewLayout(this.scene, this.folded, this.pad.on);
    this.backdrop.style.display = this.scene.softmax ? "" : "none";
    this.overview.build(this.scene, this.layout);
    this.scores.build(this.scene);
    this.panTo(this.shift);
  }

  paint() {
    this.overview.paint(this.scene);
    this.scores.paint(this.scene);
    if (this.pad.on && this.pad.ahead) this.paintSheet(this.pad);
    this.scales();
  }

  scales() {
    const { parts, scope, scene } = this;
    if (this.decomposition.u) return;
    parts.scales.replaceChildren();
    if (scope === "network")
      legend(
        parts.scales,
        this.say("networkexplorer.scale_network"),
        scene.limit,
        "signed",
        this.dark,
      );
    else html("span", {}, parts.scales, this.say(`networkexplorer.scale_${scope}`));
  }

  // The sheet that is drawn on, before Python has answered.
  paintSheet({ values, H, W, C, ends }) {
    const planes = Float32Array.from(
      { length: H * W * C },
      (_, n) => values[(n % (H * W)) * C + Math.floor(n / (H * W))],
    );
    for (const { n, position, map } of this.overview.tiles) {
      if (n !== 0) continue;
      if (map.rows !== H || map.columns !== W) continue;
      const unit = this.scene.nodes[0].units[position];
      if (position < 0) map.put(coloured(planes, H, W, ends));
      else map.paint(planes.subarray(unit * H * W, (unit + 1) * H * W), ends, "grey", this.dark);
    }
  }

  panTo(x) {
    const hidden = Math.max(0, this.layout.end + 8 - this.layout.right);
    this.hidden = hidden;
    this.shift = clamp(x, 0, hidden);
    this.overview.panTo(this.shift);
  }

  // The layers in sight where not all of them fit, in words.
  inSight() {
    const { scene, layout, shift, say } = this;
    const seen = layout.boxes.filter(
      ({ n, area }) =>
        n > 0 && area.x >= shift - 4 && area.x + area.width <= shift + layout.right + 4,
    );
    if (!seen.length) return say("networkexplorer.pan");
    const ends = [seen[0].n, seen.at(-1).n].map((n) => chainOf(scene, layout, n));
    const [first, last] = [scene.nodes[ends[0][0]].name, scene.nodes[ends[1].at(-1)].name];
    return say("networkexplorer.in_sight", {
      first,
      last,
      start: scene.nodes[1].name,
      end: scene.nodes.at(-1).name,
    });
  }

  // The box of a unit as it stands in the drawing.
  boxOf(n, position) {
    if (n === this.layout.last) return this.scores.boxOf(this.scene, position);
    const shown = this.layout.shown.includes(n) ? n : null;
    const box = shown === null ? null : this.overview.boxOf(n, position);
    return box && { ...box, x: box.x - this.shift };
  }

  find(x, y) {
    const at = this.scores.find(x, y);
    if (at !== null)
      return {
        n: this.layout.last,
        position: this.scene.softmax.numbers[at],
        unit: this.scene.softmax.numbers[at],
        row: at,
        score: at,
      };
    return x < this.layout.right ? this.overview.find(x, y) : null;
  }
}
