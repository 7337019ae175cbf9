// The Strip1D view: what is particular to it. One tick of the clock is a multiply or an output.

import { menu, slider, toggle } from "../../shared/web/controls.js";
import { html, inBrackets, number } from "../../shared/web/dom.js";
import { mistakeOf } from "../../shared/web/predict.js";
import { SteppedView, steppedView } from "../../shared/web/stepped_view.js";
import { outputTicks } from "../../shared/web/ticks.js";
import { StripDrawing } from "./drawing.js";
import {
  stripAfter,
  stripLight,
  stripLinks,
  stripSpot,
  stripTarget,
  stripUnder,
  stripWords,
} from "./touch.js";

class StripView extends SteppedView {
  constructor(model, el) {
    super(model, el, "strip1d");
    this.drawing = new StripDrawing(this.parts, model);
    this.ticksPerSecond = { multiply: 3, output: 1 };
  }

  newTicks() {
    const { outputs, w } = this.scene;
    return outputTicks(outputs, this.model.get("granularity"), w.shape[0]);
  }

  hint(changeable) {
    return this.say(changeable ? "strip1d.hint" : "strip1d.hint_exported");
  }

  code(n) {
    const { pad, slices } = this.scene.code;
    return this.say("strip1d.code", { left: pad[0], right: pad[1], j: n, slice: slices[n] });
  }

  sentence(n) {
    const { terms, b } = this.scene;
    const sum = `${terms[n].join(" + ")} + ${inBrackets(b.at(0))}`;
    return this.say("strip1d.sentence", { j: n, ledger: `${sum} = ${number(this.truth(n))}` });
  }

  place(n) {
    return this.say("strip1d.place", { j: n });
  }

  hidesTotal() {
    return this.model.get("predict");
  }

  ask(n) {
    return this.say("strip1d.ask", { j: n });
  }

  truth(n) {
    return this.scene.y.at(n);
  }

  mistake(n, value) {
    const name = mistakeOf(this.scene.wrong, value, [n]);
    const words = { answer: number(value), S: this.model.get("stride") };
    return this.say(name ? `strip1d.wrong_${name}` : "strip1d.wrong", words);
  }

  under(x, y) {
    return stripUnder(this.drawing, x, y);
  }

  links(cell) {
    return stripLinks(this.scene, cell);
  }

  spot(cell) {
    return stripSpot(cell);
  }

  light(kind, links) {
    stripLight(this.drawing, kind, links);
  }

  words(cell, links) {
    return stripWords(this.drawing, cell, links);
  }

  target(cell) {
    return stripTarget(this.drawing, cell);
  }

  after(cell) {
    return stripAfter(this.scene, cell);
  }

  controls(bar) {
    const { model, parts, say } = this;
    const { granularity, fit } = model.get("choices");
    const granularities = granularity.map((name) => [name, say(`strip1d.grain_${name}`)]);
    const fits = fit.map((name) => [name, say(`strip1d.fit_${name}`)]);
    menu(bar, model, "granularity", say("strip1d.granularity"), granularities);
    const modes = html("span", { class: "modes needs-kernel" }, parts.controls);
    toggle(modes, model, "predict", say("strip1d.predict"), say("strip1d.predict_words"));
    menu(modes, model, "fit", say("strip1d.fit"), fits);
    const sliders = html("div", { class: "sliders needs-kernel" }, parts.controls);
    for (const name of model.get("controls"))
      slider(sliders, model, name, say(`strip1d.size_${name}`), model.get("limits")[name]);
  }
}

export default steppedView(StripView);
