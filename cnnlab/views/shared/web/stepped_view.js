// A view whose outputs are played one after another: clock, keys, predict mode and hovering around one drawing. The
// view itself says only what is particular to it.

import { watchTheme } from "./colour.js";
import { html, number } from "./dom.js";
import { hasKernel, keyboard, showProblem, speak, viewFrame, waiting } from "./frame.js";
import { Player, playBar } from "./player.js";
import { attachPointer } from "./pointer.js";
import { PredictForm } from "./predict.js";
import { setTrait } from "./controls.js";

/** @typedef {import("./types.js").Cell} Cell */
/** @typedef {import("./types.js").Tick} Tick */

// A subclass sets `drawing` and `ticksPerSecond` and has the methods of SteppedHooks in types.d.ts. A cell that stands for one
// output has its number n.
export class SteppedView {
  /** @param {import("./types.js").Model} model */
  constructor(model, el, name) {
    this.model = model;
    this.parts = viewFrame(el, model, name);
    this.say = this.parts.say;
    /** @type {any} */
    this.drawing = null;
    /** @type {Record<string, number>} */
    this.ticksPerSecond = {};
    /** @type {import("./types.js").Ticks | null} */
    this.ticks = null;
    /** @type {Tick | null} */
    this.shown = null;
    /** @type {Tick | null} */
    this.hovered = null;
    this.wordsKey = ""; // of what the words are about
    /** @type {import("./types.js").SteppedHooks} what the subclass adds */
    this.own = /** @type {any} */ (this);
  }

  get scene() {
    return this.drawing.scene;
  }

  begin() {
    const { model, parts } = this;
    this.player = new Player(model, {
      ticks: () => this.ticks?.count ?? 1,
      ticksPerSecond: () => this.ticksPerSecond[model.get("granularity")],
      changed: (tick) => this.follow(tick),
      paint: (tick, share) => this.paintTick(tick, share),
    });
    this.bar = playBar(parts.controls, model, this.player, parts.say);
    this.own.controls(this.bar.bar);
    const steps = this.bar.bar.querySelector("select[data-menu=granularity]");
    const count = model.get("choices").granularity.length;
    steps?.setAttribute("title", parts.say("view.granularity_keys", { count }));
    this.codeLine = html("code", { class: "code" }, parts.lines);
    this.formula = html("span", { class: "formula" }, parts.lines);
    this.now = html("b", { class: "now" }, parts.lines);
    this.form = new PredictForm(model, parts, this.own);
    this.pointer = attachPointer(model, parts, this.own);
    this.listen();
    this.takeScene();
    if (model.get("playing")) this.player.start();
  }

  close() {
    this.player.close();
    this.parts.close();
  }

  listen() {
    const { model, parts } = this;
    const on = (trait, listener) => {
      model.on(`change:${trait}`, listener);
      parts.later(() => model.off(`change:${trait}`, listener));
    };
    on("scene", () => this.takeScene());
    on("step", () => this.goToStep());
    on("granularity", () => this.takeTicks());
    on("playing", () => {
      this.wordsKey = "";
      this.tell();
    });
    parts.later(
      watchTheme((dark) => {
        parts.darken(dark);
        this.drawing.recolour();
        this.repaint();
      }),
    );
    keyboard(parts.root, this.keys(), (event) => this.form.key(event) || this.pointer.key(event));
    waiting(parts.root, model, model.get("controls"), parts.later);
  }

  keys() {
    const { model, player } = this;
    const granularities = model
      .get("choices")
      .granularity.map((name, n) => [String(n + 1), () => setTrait(model, "granularity", name)]);
    return {
      " ": () => player.toggle(),
      ArrowRight: () => player.go(player.tick + 1),
      ArrowLeft: () => player.go(player.tick - 1),
      Home: () => player.go(0),
      End: () => player.go(player.last),
      Escape: () => this.pointer.release(),
      ...Object.fromEntries(granularities),
    };
  }

  // The clock or a key chose another tick.
  follow(tick) {
    const { n } = this.ticks.at(tick);
    if (n !== this.model.get("step")) setTrait(this.model, "step", n);
  }

  paintTick(tick, share) {
    if (this.ticks.at(tick).n !== this.shown?.n) this.hovered = null; // that is what is shown now
    this.shown = this.ticks.at(tick);
    if (!this.hovered) this.drawing.paint(this.shown, share);
    this.tell();
  }

  // The words for what is shown, where they are not those already there.
  tell() {
    const { model, parts } = this;
    this.bar.update();
    const present = this.hovered ?? this.shown;
    this.form.update(this.outputs() ? present.n : 0);
    if (!this.outputs()) return (this.codeLine.textContent = "");
    const { n, taps, total } = present;
    const predict = model.get("predict");
    const key = `${n},${total},${taps},${model.get("playing")},${predict}`;
    if (key === this.wordsKey) return;
    this.wordsKey = key;
    const hidden = this.own.hidesTotal() || !total;
    this.codeLine.textContent =
      this.own.code(n) + (hidden ? "" : `  →  ${number(this.own.truth(n))}`);
    this.now.textContent = total ? "" : this.own.part(present);
    speak(parts, model, predict || !total ? this.own.place(n) : this.own.sentence(n));
  }

  repaint() {
    this.drawing.painted = null;
    this.wordsKey = "";
    this.drawing.paint(this.hovered ?? this.shown);
    this.tell();
  }

  takeTicks() {
    this.ticks = this.own.newTicks();
    const last = Math.max(0, this.outputs() - 1);
    this.player.show(this.ticks.tickOf(Math.min(this.model.get("step"), last)));
  }

  takeScene() {
    const { model, parts, drawing } = this;
    this.hovered = null;
    drawing.take({ ...model.get("scene") });
    this.form.reset();
    const { problem, formula } = this.scene;
    showProblem(parts, model, problem);
    parts.problem.classList.toggle("mild", Boolean(problem?.mild));
    this.formula.textContent = [].concat(formula ?? []).join("     ");
    this.caption("");
    this.wordsKey = "";
    this.takeTicks();
    if (!this.outputs()) speak(parts, model, problem.sentence);
    this.pointer.refresh();
  }

  goToStep() {
    const step = this.model.get("step");
    if (this.outputs() && this.shown.n !== step) this.player.show(this.ticks.tickOf(step));
  }

  // What the pointer and the predict mode ask, as far as it is the same in every view.

  outputs() {
    return this.scene.outputs;
  }

  guessed() {
    return this.drawing.guessed;
  }

  go(n) {
    this.player.go(this.ticks.tickOf(n));
  }

  increment() {
    return this.scene.increment;
  }

  // Without a kernel, while outputs are guessed and on the way back, typing and dragging change nothing.
  caption(sentence) {
    const changeable =
      hasKernel(this.parts) && !this.model.get("predict") && !this.drawing.backward;
    this.parts.caption.textContent = sentence || this.scene.note || this.own.hint(changeable);
  }

  chosen(cell) {
    if ("n" in cell) this.go(cell.n);
  }

  show(cell) {
    const isOutput = cell && "n" in cell;
    this.hovered = isOutput
      ? {
          ...this.ticks.at(this.ticks.tickOf(cell.n)),
          n: cell.n,
          total: true,
          upto: this.shown.upto,
        }
      : null;
    this.drawing.paint(this.hovered ?? this.shown);
    this.tell();
  }

  // The present part of an output in words.
  part() {
    return "";
  }
}

// The default export of a view's main.js, as anywidget takes it.
export const steppedView = (View) => ({
  render({ model, el }) {
    const view = new View(model, el);
    view.begin();
    return () => view.close();
  },
});
