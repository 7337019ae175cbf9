// The Strip1D view: what is particular to it. One tick of the clock is a multiply or an output.

import { menu, slider, toggle } from "../../shared/web/controls.js";
import { html, inBrackets, number } from "../../shared/web/dom.js";
import { mistakeOf } from "../../shared/web/predict.js";
import { outputTicks, stepping } from "../../shared/web/steps.js";
import { cellAfter } from "../../shared/web/pointer.js";
import { StripPicture } from "./paint.js";
import { stripLight, stripLinks, stripSpot, stripTarget, stripUnder, stripWords } from "./touch.js";

const STRIP_RATES = { multiply: 3, output: 1 };

function stripView(model, parts) {
  const { say } = parts;
  const picture = new StripPicture(parts, model);
  picture.now = () => JSON.parse(picture.painted ?? '{"n":0}').n;
  const scene = () => picture.scene;
  const ledger = (n) =>
    `${scene().terms[n].join(" + ")} + ${inBrackets(scene().b.at(0))} = ${number(scene().y.at(n))}`;
  return {
    picture,
    rates: STRIP_RATES,
    ticks: () => outputTicks(scene().outputs, model.get("granularity"), scene().w.shape[0]),
    controls: (bar) => stripControls(parts, model, bar),
    hint: (changeable) => say(changeable ? "strip1d.hint" : "strip1d.hint_exported"),
    code: (n) =>
      say("strip1d.code", {
        left: scene().code.pad[0],
        right: scene().code.pad[1],
        j: n,
        slice: scene().code.slices[n],
      }),
    sentence: (n) => say("strip1d.sentence", { j: n, ledger: ledger(n) }),
    place: (n) => say("strip1d.place", { j: n }),
    hidesTotal: () => model.get("predict"),
    ask: (n) => say("strip1d.ask", { j: n }),
    truth: (n) => scene().y.at(n),
    mistake: (n, value) => {
      const name = mistakeOf(scene().wrong, value, [n]);
      return say(name ? `strip1d.wrong_${name}` : "strip1d.wrong", {
        answer: number(value),
        S: model.get("stride"),
      });
    },
    under: (x, y) => stripUnder(picture, x, y),
    links: (cell) => stripLinks(picture, cell),
    spot: stripSpot,
    light: (kind, links) => stripLight(picture, kind, links),
    words: (cell, links) => stripWords(picture, cell, links),
    target: (cell) => stripTarget(picture, cell),
    after: (cell) =>
      cell.kind === "weight"
        ? cellAfter(cell, [["v", scene().w.shape[0]]])
        : cell.kind === "input"
          ? cellAfter(cell, [["place", scene().x.shape[0]]])
          : null,
  };
}

function stripControls(parts, model, bar) {
  const { say } = parts;
  menu(
    bar,
    model,
    "granularity",
    say("strip1d.granularity"),
    Object.keys(STRIP_RATES).map((grain) => [grain, say(`strip1d.grain_${grain}`)]),
  );
  const modes = html("span", { class: "modes needs-kernel" }, parts.controls);
  toggle(modes, model, "predict", say("strip1d.predict"), say("strip1d.predict_words"));
  menu(
    modes,
    model,
    "fit",
    say("strip1d.fit"),
    ["floor", "exact", "ceil"].map((fit) => [fit, say(`strip1d.fit_${fit}`)]),
  );
  const sliders = html("div", { class: "sliders needs-kernel" }, parts.controls);
  for (const name of model.get("controls"))
    slider(sliders, model, name, say(`strip1d.size_${name}`), model.get("limits")[name]);
}

export default {
  render: ({ model, el }) => stepping(model, el, "strip1d", (parts) => stripView(model, parts)),
};
