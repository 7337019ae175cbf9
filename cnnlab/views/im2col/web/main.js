// The Im2col view: what is particular to it. One tick of the clock is a multiply, an output or a row of outputs.

import { menu, slider, toggle } from "../../shared/web/controls.js";
import { html, inBrackets, number } from "../../shared/web/dom.js";
import { mistakeOf } from "../../shared/web/predict.js";
import { SteppedView, steppedView } from "../../shared/web/stepped_view.js";
import { outputTicks } from "../../shared/web/ticks.js";
import { im2colLinks, im2colWords } from "./links.js";
import { Im2colDrawing } from "./drawing.js";
import { im2colPlace, termsOf } from "./taps.js";
import { im2colAfter, im2colLight, im2colSpot, im2colTarget, im2colUnder } from "./touch.js";

class Im2colView extends SteppedView {
  constructor(model, el) {
    super(model, el, "im2col");
    this.drawing = new Im2colDrawing(this.parts, model);
    this.ticksPerSecond = { multiply: 3, output: 1.2, row: 0.8 };
    this.price = html("div", { class: "price" }, this.parts.lines);
  }

  takeScene() {
    super.takeScene();
    this.price.replaceChildren();
    for (const words of this.scene.price) html("span", {}, this.price, words);
  }

  newTicks() {
    const { outputs, y } = this.scene;
    const { taps } = this.drawing.layout;
    return outputTicks(outputs, this.model.get("granularity"), taps, outputs ? y.shape[1] : 1);
  }

  hint(changeable) {
    return this.say(changeable ? "im2col.hint" : "im2col.hint_exported");
  }

  code(n) {
    return this.say("im2col.code", im2colPlace(this.scene, n));
  }

  sentence(n) {
    return im2colSentence(this.drawing, n);
  }

  place(n) {
    return this.say("convolution.place", im2colPlace(this.scene, n));
  }

  part({ n, taps }) {
    return this.model.get("predict") ? "" : productWords(this.drawing, n, taps);
  }

  hidesTotal() {
    return this.model.get("predict");
  }

  ask(n) {
    return this.say("convolution.ask", im2colPlace(this.scene, n));
  }

  truth(n) {
    const { i, j, k } = im2colPlace(this.scene, n);
    return this.scene.y.at(i, j, k);
  }

  mistake(n, value) {
    const { i, j, k } = im2colPlace(this.scene, n);
    const name = mistakeOf(this.scene.wrong, value, [i, j, k]);
    const words = { answer: number(value), k, S: this.model.get("stride") };
    return this.say(name ? `convolution.wrong_${name}` : "convolution.wrong", words);
  }

  under(x, y) {
    return im2colUnder(this.drawing, x, y);
  }

  links(cell) {
    return im2colLinks(this.drawing, cell);
  }

  spot(cell) {
    return im2colSpot(cell);
  }

  light(kind, links) {
    im2colLight(this.drawing, kind, links);
  }

  words(cell, links) {
    return im2colWords(this.drawing, cell, links);
  }

  target(cell) {
    return im2colTarget(this.drawing, cell);
  }

  after(cell) {
    return im2colAfter(this.scene, cell);
  }

  controls(bar) {
    const { model, parts, say } = this;
    const { granularity } = model.get("choices");
    const granularities = granularity.map((name) => [name, say(`convolution.grain_${name}`)]);
    menu(bar, model, "granularity", say("convolution.granularity"), granularities);
    const modes = html("span", { class: "modes needs-kernel" }, parts.controls);
    const words = say("convolution.words_predict");
    toggle(modes, model, "predict", say("convolution.mode_predict"), words);
    const sliders = html("div", { class: "sliders needs-kernel" }, parts.controls);
    const label = (name) =>
      say(name === "block" ? "im2col.size_block" : `convolution.size_${name}`);
    for (const name of model.get("controls"))
      slider(sliders, model, name, label(name), model.get("limits")[name]);
  }
}

function im2colSentence({ scene, say }, n) {
  const place = im2colPlace(scene, n);
  const { i, j, k } = place;
  const [row, column] = [scene.threads.rows[i], scene.threads.columns[j]];
  return say("im2col.sentence", {
    products: scene.cols.shape[0],
    ...place,
    ...{ by: row.block, bx: column.block, ty: row.thread, tx: column.thread },
    sum: number(scene.sums.at(i, j, k)),
    bias: number(scene.b.at(k)),
    total: number(scene.y.at(i, j, k)),
  });
}

// The present multiply in words, and what the output has come to so far.
function productWords({ scene, say }, n, taps) {
  const shown = termsOf(scene, n).slice(0, taps);
  const { value, weight, product } = shown.at(-1);
  return say("convolution.multiply", {
    value: number(value),
    weight: inBrackets(weight),
    product: number(product),
    sofar: number(shown.reduce((sum, term) => sum + term.product, 0)),
  });
}

export default steppedView(Im2colView);
