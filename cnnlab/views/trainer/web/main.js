// The Trainer: it paints what Python sends, a few times a second while the net trains, and asks for moments of the film.

import { legend, watchTheme } from "../../shared/web/colour.js";
import { button, onTrait, requestTrait, sendMessage, setTrait } from "../../shared/web/controls.js";
import {
  html,
  number,
  reconcile,
  set,
  setChanged,
  setText,
  svg,
  unpack,
} from "../../shared/web/dom.js";
import {
  hasKernel,
  keyboard,
  Painting,
  pointIn,
  showProblem,
  speak,
  viewFrame,
} from "../../shared/web/frame.js";
import { percent, stepAxis, thousands, TRAINER } from "./layout.js";
import { Curves } from "./charts.js";
import { Album, Tiles } from "./tiles.js";
import { Confusion, LayerTable, Samples, scoreBars, short } from "./panels.js";
import { Switch, Wire } from "./wire.js";
import { trainerControls } from "./controls.js";
import { filmBar } from "./film.js";
import { hoverWords } from "./hover.js";

class TrainerPicture extends Painting {
  constructor(parts, model) {
    super(parts, model);
    const { drawing, say } = parts;
    set(drawing, {
      viewBox: `0 0 ${TRAINER.width} ${TRAINER.height}`,
      preserveAspectRatio: "xMidYMin meet",
    });
    this.body = svg("g", {}, drawing);
    this.curves = new Curves(this.body, say);
    this.filters = new Tiles(this.body, TRAINER.filters, "filters");
    this.maps = new Tiles(this.body, TRAINER.maps, "maps");
    this.image = svg("image", { ...TRAINER.picture, class: "pixels" }, this.body);
    svg("rect", { ...TRAINER.picture, class: "frame" }, this.body);
    this.pictureTitle = svg(
      "text",
      { x: TRAINER.picture.x, y: TRAINER.picture.y - 7, class: "slice-title" },
      this.body,
    );
    this.scores = svg(
      "g",
      { transform: `translate(${TRAINER.picture.x},${TRAINER.picture.y + 90})` },
      this.body,
    );
    this.table = new LayerTable(this.body, say);
    this.samples = new Samples(this.body, say, (this.album = new Album()));
    this.confusion = new Confusion(this.body, say);
    this.seen = null;
  }

  // look: where the run stands; its `seen` may be missing, and what is drawn then stays.
  take(look) {
    this.look = look;
    if (look.seen) this.seen = look.seen;
    this.paint();
  }

  paint() {
    const { model, look, seen, dark, say } = this;
    if (!look || !seen) return;
    const scene = model.get("scene");
    const moment = model.get("moment");
    this.curves.paint(
      look,
      moment >= 0 && moment < look.moments.length ? look.moments[moment] : null,
      scene.classes.length,
    );
    const { filters, maps, answers } = seen;
    this.filters.paint(
      filters,
      filters ? short(filterTitle(filters, say), 52) : say("trainer.no_filters"),
      dark,
    );
    const count =
      maps.count === maps.shown
        ? maps.count
        : say("trainer.of", { shown: maps.shown, count: maps.count });
    this.maps.paint(maps, say(maps.flat ? "trainer.numbers" : "trainer.maps", { count }), dark);
    const [chosen] = answers;
    setChanged(this.image, { href: this.album.url(chosen.n, unpack(seen.pictures), 0) });
    setText(this.pictureTitle, short(scene.classes[chosen.truth], 11));
    reconcile(
      this.scores,
      scoreBars({ x: 0, width: TRAINER.picture.width, row: 19 }, chosen, scene.classes),
    );
    this.table.paint(seen);
    this.paintRight(scene);
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

function render({ model, el }) {
  const parts = viewFrame(el, model, "trainer");
  const { say } = parts;
  const picture = new TrainerPicture(parts, model);
  const wire = new Wire(model, { told: () => tellBusy(), alive: () => look.running });
  const { undo, face } = trainerControls(parts, model, { toggle: () => toggle.press() });
  const toggle = new Switch(model, wire, face);
  const busy = html("div", { class: "busy", role: "status" }, parts.controls);
  const tellBusy = () => setText(busy, wire.busy ? say("trainer.busy") : "");
  const panels = html("div", { class: "modes" }, parts.controls.firstChild);
  for (const panel of ["pictures", "confusion"]) {
    const made = button(
      panels,
      say(`trainer.panel_${panel}`),
      say(`trainer.panel_${panel}_long`),
      () => setTrait(model, "panel", panel),
    );
    onTrait(
      model,
      "panel",
      () => set(made, { "aria-pressed": String(model.get("panel") === panel) }),
      parts.root,
    );
  }
  const more = button(
    panels,
    say("trainer.more"),
    say("trainer.more_long"),
    () => requestTrait(model, "cell", nextPage()),
    { class: "needs-kernel" },
  );
  const all = button(
    panels,
    say("trainer.all"),
    say("trainer.all_long"),
    () => requestTrait(model, "cell", []),
    { class: "needs-kernel" },
  );
  onTrait(model, "cell", () => (all.hidden = !model.get("cell").length), parts.root);
  const status = html("div", { class: "status" }, parts.lines);
  let look = model.get("look");
  const nextPage = () => {
    const { truth, answer, first, of } = picture.seen.cell;
    return [truth, answer, first + 8 < of ? first / 8 + 1 : 0];
  };

  const film = filmBar(parts, model, {
    moments: () => look.moments,
    chosen: (moment) => choose(moment),
  });
  const choose = (moment) => {
    if (moment !== model.get("moment")) requestTrait(model, "moment", moment);
  };

  const take = (news) => {
    if (look && news.serial < look.serial) return; // two ways lead here, and the slower one may be late
    look = news;
    picture.take(look);
    film.update(model.get("moment"));
    undo.hidden = !look.undo;
    more.hidden = !(model.get("cell").length && picture.seen?.cell?.of > 8);
    showProblem(parts, model, problemOf(look, model));
    parts.problem.classList.toggle("mild", !look.problem);
    toggle.take(look.running && !look.stopping);
    trainerStatus(status, look, say, model.get("scene"));
    speak(parts, model, trainerSentence(look, say, model.get("scene")));
    tellHint();
  };
  const takeTrait = () => take(model.get("look"));
  const fromPage = () => {
    const page = !hasKernel(parts) && model.get("album")[model.get("moment")];
    if (page) take({ ...look, ...page });
    else if (model.exported) take(model.get("look"));
    else film.update(model.get("moment"));
  };
  const receive = (content, buffers) => {
    if (content.kind === "pong") toggle.settle(wire.pong(content.n));
    if (content.kind === "roll") model.send({ kind: "hello" });
    if (content.kind === "pulse")
      setText(busy, say("trainer.pulse", { step: thousands(content.step) }));
    if (content.kind !== "look") return;
    take(withBuffers(content.look, buffers));
    wire.looked();
  };
  const on = (event, listener) => {
    model.on(event, listener);
    parts.later(() => model.off(event, listener));
  };
  on("msg:custom", receive);
  on("change:look", takeTrait);
  on("change:moment", fromPage);
  on("change:panel", () => picture.paint());
  on("change:cell", () => picture.paint());
  parts.later(
    watchTheme((dark) => {
      parts.darken(dark);
      picture.paint();
      scales();
    }),
  );
  const scales = () => {
    parts.scales.replaceChildren();
    legend(parts.scales, say("trainer.scale"), 1, "signed", picture.dark);
  };
  let pointed = null; // what the pointer is on: its place in the drawing, and the element there
  const tellHint = () => {
    const key = hasKernel(parts)
      ? look.running
        ? "trainer.hint_running"
        : "trainer.hint"
      : "trainer.hint_exported";
    setText(parts.caption, (pointed && hoverWords(picture, ...pointed)) ?? say(key));
  };

  const click = (event) => {
    const [px, py] = pointIn(parts.drawing, event);
    parts.root.focus({ preventScroll: true });
    const step = picture.curves.find(px, py);
    if (step !== null) return film.player.go(nearest(look.moments, step));
    const sample = event.target.closest?.(".sample");
    if (sample && hasKernel(parts))
      return requestTrait(model, "picture", Number(sample.dataset.picture));
    const cell = model.get("panel") === "confusion" && picture.confusion.find(px, py);
    if (cell && hasKernel(parts)) {
      setTrait(model, "panel", "pictures");
      requestTrait(model, "cell", cell);
      tellHint();
    }
  };
  parts.drawing.addEventListener("click", click);
  const hover = (event) => {
    const [px, py] = pointIn(parts.drawing, event);
    pointed = [px, py, event.target];
    tellHint();
  };
  parts.drawing.addEventListener("pointermove", hover);
  parts.drawing.addEventListener("pointerleave", () => tellHint((pointed = null)));
  for (const kind of ["input", "click", "keydown"])
    parts.root.addEventListener(kind, () => hasKernel(parts) && wire.touched());
  const start = () => hasKernel(parts) && toggle.press();
  keyboard(parts.root, {
    " ": () => film.player.toggle(),
    s: start,
    S: start,
    ".": () => hasKernel(parts) && sendMessage(model, { kind: "advance" }),
    ArrowRight: () => film.player.go(film.player.tick + 1),
    ArrowLeft: () => film.player.go(film.player.tick - 1),
    Home: () => film.player.go(0),
    End: () => film.player.go(film.player.last),
    Escape: () => model.get("cell").length && requestTrait(model, "cell", []),
  });
  tellHint();
  scales();
  take(look);
  if (model.get("playing")) film.player.start();
  if (!model.exported) sendMessage(model, { kind: "hello" });
  return () => {
    film.player.close();
    wire.close();
    toggle.close();
    parts.close();
  };
}

// What went wrong comes first; else what is odd about the data.
function problemOf(look, model) {
  if (look.problem) return look.problem;
  const { note } = model.get("scene");
  return note ? { sentence: note, repairs: [] } : null;
}

const nearest = (moments, step) =>
  moments.reduce(
    (best, one, n) =>
      Math.abs(stepAxis(one) - stepAxis(step)) < Math.abs(stepAxis(moments[best]) - stepAxis(step))
        ? n
        : best,
    0,
  );

// Bytes that came beside a message take their places in it.
function withBuffers(value, buffers) {
  if (Array.isArray(value)) return value.map((inner) => withBuffers(inner, buffers));
  if (!value || typeof value !== "object") return value;
  if (typeof value.buffer === "number" && Object.keys(value).length === 1)
    return asView(buffers[value.buffer]);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withBuffers(inner, buffers)]),
  );
}

const asView = (data) => (ArrayBuffer.isView(data) ? data : new DataView(data));

function trainerStatus(box, look, say, scene) {
  const { told } = look;
  const facts = [
    [say("trainer.step"), thousands(told.step)],
    [say("trainer.epoch"), look.epoch === null ? "–" : thousands(look.epoch)],
    [say("trainer.rate"), look.running ? thousands(look.rate) : "–"],
    [say("trainer.batch_loss"), told.loss === null ? "–" : number(told.loss)],
    [say("trainer.training"), percent(told.accuracy)],
    [
      say("trainer.held_out"),
      scene.held_out ? percent(told.test_accuracy) : say("trainer.none_held_out"),
    ],
    ["", inBracketsOf(judgedWords(told, say, scene))],
  ];
  while (box.children.length < facts.length) {
    const fact = html("span", { class: "fact" }, box);
    html("span", {}, fact);
    html("b", {}, fact);
  }
  facts.forEach(([name, value], n) => {
    const [word, shown] = box.children[n].children;
    setText(word, `${name} `);
    setText(shown, value);
    box.children[n].dataset.fact = ["step", "epoch", "rate", "loss", "accuracy", "held", "judged"][
      n
    ];
  });
}

// By how many pictures the accuracies were found, where not by all, and of which step they are, where not of this one.
function judgedWords(told, say, scene) {
  const sample = told.judges && (told.judges < scene.all || told.trained < told.judges);
  return [
    sample ? say("trainer.of_sample", { count: thousands(told.judges) }) : "",
    told.test_step === told.step ? "" : say("trainer.at_step", { step: thousands(told.test_step) }),
  ]
    .filter(Boolean)
    .join(", ");
}

function trainerSentence({ told }, say, scene) {
  const found = {
    step: thousands(told.step),
    training: percent(told.accuracy),
    held: percent(told.test_accuracy),
  };
  const words = say(scene.held_out ? "trainer.spoken" : "trainer.spoken_trained", found);
  const judged = judgedWords(told, say, scene);
  return judged ? `${words} ${inBracketsOf(judged)}` : words;
}

const inBracketsOf = (words) => (words ? `(${words})` : "");

export default { render };
