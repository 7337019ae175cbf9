// The Pooling view: what is particular to it. One tick of the clock is an output or a row of outputs.

import { menu, oneOf, onTrait, slider, toggle } from "../../shared/web/controls.js";
import { html, number } from "../../shared/web/dom.js";
import { mistakeOf } from "../../shared/web/predict.js";
import { SteppedView, steppedView } from "../../shared/web/stepped_view.js";
import { outputTicks } from "../../shared/web/ticks.js";
import { imageChooser } from "../../shared/web/upload.js";
import { PoolingDrawing } from "./drawing.js";
import {
  poolingAfter,
  poolingLight,
  poolingLinks,
  poolingSpot,
  poolingTarget,
  poolingUnder,
  poolingWords,
} from "./touch.js";
import { cellsOf, pooledPlace, windowWinner } from "./windows.js";

class PoolingView extends SteppedView {
  constructor(model, el) {
    super(model, el, "pooling");
    this.drawing = new PoolingDrawing(this.parts, model);
    this.ticksPerSecond = { output: 1.2, row: 0.8 };
    this.moved = html("b", { class: "moved", role: "status" }, this.parts.lines);
  }

  takeScene() {
    super.takeScene();
    this.moved.textContent = this.scene.shift?.sentence ?? "";
  }

  newTicks() {
    const { outputs, y } = this.scene;
    return outputTicks(outputs, this.model.get("granularity"), 1, outputs ? y.shape[1] : 1);
  }

  hint(changeable) {
    return this.say(changeable ? "pooling.hint" : "pooling.hint_exported");
  }

  code(n) {
    return poolingCode(this.drawing, n);
  }

  sentence(n) {
    const total = this.drawing.backward ? "" : ` = ${number(this.truth(n))}`;
    const words = { ...pooledPlace(this.scene, n), ledger: this.scene.ledgers[n] + total };
    return this.say("pooling.sentence", words);
  }

  place(n) {
    return this.say("pooling.place", pooledPlace(this.scene, n));
  }

  hidesTotal() {
    return this.model.get("predict") || this.drawing.backward;
  }

  ask(n) {
    return this.say("pooling.ask", pooledPlace(this.scene, n));
  }

  truth(n) {
    const { i, j, c } = pooledPlace(this.scene, n);
    return this.scene.y.at(i, j, c);
  }

  mistake(n, value) {
    const { i, j, c } = pooledPlace(this.scene, n);
    const name = mistakeOf(this.scene.wrong, value, [i, j, c]);
    const words = { answer: number(value), S: this.model.get("stride") };
    return this.say(name ? `pooling.wrong_${name}` : "pooling.wrong", words);
  }

  under(x, y) {
    return poolingUnder(this.drawing, x, y);
  }

  links(cell) {
    return poolingLinks(this.scene, cell, this.drawing.now);
  }

  spot(cell) {
    return poolingSpot(cell);
  }

  light(kind, links) {
    poolingLight(this.drawing, kind, links);
  }

  words(cell, links) {
    return poolingWords(this.drawing, cell, links);
  }

  target(cell) {
    return poolingTarget(this.drawing, cell);
  }

  after(cell) {
    return poolingAfter(this.scene, cell);
  }

  controls(bar) {
    const { model, parts, say } = this;
    const grain = (name) => say(`pooling.grain_${name}`);
    this.choose(bar, "granularity", say("pooling.granularity"), grain);
    const modes = html("span", { class: "modes needs-kernel" }, parts.controls);
    this.buildModes(modes);
    const source = (name) => say(`pooling.source_${name}`);
    const list = this.choose(modes, "source", say("pooling.source"), source);
    imageChooser(list, model, parts, model.get("longest"));
    const sliders = html("div", { class: "sliders needs-kernel" }, parts.controls);
    const choices = html("span", { class: "choices" }, sliders);
    this.choose(choices, "mode", say("pooling.mode"), (name) => say(`pooling.mode_${name}`));
    this.choose(choices, "fit", say("pooling.fit"), (name) => say(`pooling.fit_${name}`));
    for (const name of model.get("controls"))
      slider(sliders, model, name, say(`pooling.size_${name}`), model.get("limits")[name]);
  }

  // A menu of the values of a trait.
  choose(parent, trait, label, words) {
    const named = this.model.get("choices")[trait].map((value) => [value, words(value)]);
    return menu(parent, this.model, trait, label, named);
  }

  buildModes(parent) {
    const { model, parts, drawing, say } = this;
    toggle(parent, model, "predict", say("pooling.predict"), say("pooling.predict_words"));
    const words = [say("pooling.switches"), say("pooling.switches_words")];
    const switches = toggle(parent, model, "switches", words[0], words[1]);
    toggle(parent, model, "backward", say("pooling.backward"), say("pooling.backward_words"));
    onTrait(model, "mode", () => (switches.disabled = model.get("mode") !== "max"), parts.controls);
    onTrait(model, "switches", () => drawing.scene && drawing.paintDots(), parts.controls);
    oneOf(parts, model, ["predict", "backward"]);
  }
}

function poolingCode({ scene, say, backward }, n) {
  const place = pooledPlace(scene, n);
  const words = { ...place, rows: scene.code.rows[place.i], columns: scene.code.columns[place.j] };
  if (!backward) return say(`pooling.code_${scene.mode}`, words);
  const winner = windowWinner(scene, place);
  const cells = cellsOf(scene, place).filter((cell) => cell.inside).length;
  const { row, column } = winner ?? { row: undefined, column: undefined };
  return say(`pooling.code_back_${scene.mode}`, { ...words, row, column, cells });
}

export default steppedView(PoolingView);
