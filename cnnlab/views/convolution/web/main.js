// The Convolution view: what is particular to it. One tick of the clock is a multiply, a channel, an output or a row.

import { menu, oneOf, slider, toggle } from "../../shared/web/controls.js";
import { html, number } from "../../shared/web/dom.js";
import { mistakeOf } from "../../shared/web/predict.js";
import { SteppedView, steppedView } from "../../shared/web/stepped_view.js";
import { outputTicks } from "../../shared/web/ticks.js";
import { imageChooser } from "../../shared/web/upload.js";
import { ConvolutionDrawing } from "./drawing.js";
import { outputPlace } from "./taps.js";
import {
  cellUnder,
  convolutionAfter,
  light,
  linksOf,
  paintable,
  sentenceOf,
  spotOf,
} from "./touch.js";
import { convolutionCode, convolutionSentence, multiplyWords } from "./words.js";

class ConvolutionView extends SteppedView {
  constructor(model, el) {
    super(model, el, "convolution");
    this.drawing = new ConvolutionDrawing(this.parts, model);
    this.ticksPerSecond = { multiply: 4, channel: 2, output: 1.2, row: 0.8 };
  }

  // Nothing is seen of a single product while the outputs are to be guessed.
  newTicks() {
    const { model } = this;
    return convolutionTicks(this.scene, model.get("predict") ? "output" : model.get("granularity"));
  }

  hint(changeable) {
    const { say } = this;
    const words = [
      say(changeable ? "convolution.hint" : "convolution.hint_exported"),
      this.model.get("padding") && say("convolution.padded"),
      !this.drawing.layout.stacked && say("convolution.one_filter"),
    ];
    return words.filter(Boolean).join(" ");
  }

  code(n) {
    return convolutionCode(this.drawing, n);
  }

  sentence(n) {
    return this.drawing.backward ? this.place(n) : convolutionSentence(this.drawing, n);
  }

  place(n) {
    return this.say("convolution.place", outputPlace(this.scene, n));
  }

  part({ n, taps }) {
    const single = this.model.get("granularity") === "multiply";
    const hidden = this.drawing.backward || this.model.get("predict");
    return single && !hidden ? multiplyWords(this.drawing, n, taps) : "";
  }

  hidesTotal() {
    return this.model.get("predict") || this.drawing.backward;
  }

  ask(n) {
    return this.say("convolution.ask", outputPlace(this.scene, n));
  }

  truth(n) {
    const { i, j, k } = outputPlace(this.scene, n);
    return this.scene.y.at(i, j, k);
  }

  mistake(n, value) {
    const { i, j, k } = outputPlace(this.scene, n);
    const name = mistakeOf(this.scene.wrong, value, [i, j, k]);
    const words = { answer: number(value), k, S: this.model.get("stride") };
    return this.say(name ? `convolution.wrong_${name}` : "convolution.wrong", words);
  }

  under(x, y) {
    return cellUnder(this.drawing, x, y);
  }

  links(cell) {
    const { scene, drawing } = this;
    return linksOf(scene, cell, scene.outputs ? outputPlace(scene, drawing.now) : null);
  }

  spot(cell) {
    return spotOf(cell);
  }

  light(kind, links) {
    if (this.drawing.marks) light(this.drawing, kind, links);
  }

  words(cell, links) {
    return sentenceOf(this.drawing, cell, links);
  }

  target(cell) {
    return paintable(this.drawing, cell);
  }

  after(cell) {
    return convolutionAfter(this.scene, cell);
  }

  controls(bar) {
    const { model, parts, say } = this;
    const { granularity, source } = model.get("choices");
    const granularities = granularity.map((name) => [name, say(`convolution.grain_${name}`)]);
    const sources = source.map((name) => [name, say(`convolution.source_${name}`)]);
    menu(bar, model, "granularity", say("convolution.granularity"), granularities);
    const modes = html("span", { class: "modes needs-kernel" }, parts.controls);
    for (const mode of model.get("modes"))
      toggle(modes, model, mode, say(`convolution.mode_${mode}`), say(`convolution.words_${mode}`));
    oneOf(parts, model, ["predict", "backward"]);
    const list = menu(modes, model, "source", say("convolution.source"), sources);
    imageChooser(list, model, parts, model.get("longest"));
    const sliders = html("div", { class: "sliders needs-kernel" }, parts.controls);
    for (const name of model.get("controls"))
      slider(sliders, model, name, say(`convolution.size_${name}`), model.get("limits")[name]);
  }
}

// Ticks as of any view with outputs; the taps of a channel are shown at once.
export function convolutionTicks(scene, granularity) {
  if (!scene.outputs) return outputTicks(0, granularity, 1);
  const [, FH, FW, depth] = scene.w.shape;
  const taps = granularity === "channel" ? FH * FW : 1;
  const parts = (FH * FW * depth) / taps;
  const ticks = outputTicks(scene.outputs, granularity, parts, scene.y.shape[1]);
  const at = (tick) => {
    const shown = ticks.at(tick);
    return { ...shown, taps: shown.taps * taps };
  };
  return { ...ticks, at };
}

export default steppedView(ConvolutionView);
