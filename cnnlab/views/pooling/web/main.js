// The Pooling view: what is particular to it. One tick of the clock is an output or a row of outputs.

import { PoolingPicture } from "./paint.js";
import { imageChooser } from "../../shared/web/upload.js";
import { menu, oneOf, onTrait, slider, toggle } from "../../shared/web/controls.js";
import { html, number } from "../../shared/web/dom.js";
import { mistakeOf } from "../../shared/web/predict.js";
import { outputTicks, stepping } from "../../shared/web/steps.js";
import {
  poolingLight,
  poolingLinks,
  poolingSpot,
  poolingTarget,
  poolingUnder,
  poolingWords,
} from "./touch.js";
import { cellAfter } from "../../shared/web/pointer.js";

const POOLING_RATES = { output: 1.2, row: 0.8 };
const LONGEST_PICTURE = 24;

function poolingView(model, parts) {
  const { say } = parts;
  const picture = new PoolingPicture(parts, model);
  const scene = () => picture.scene;
  const at = ({ i, j, c }) => [i, j, c];
  picture.now = () => JSON.parse(picture.painted ?? '{"n":0}').n;
  const moved = html("b", { class: "moved", role: "status" }, parts.lines);
  const take = picture.take.bind(picture);
  picture.take = (taken) => {
    take(taken);
    moved.textContent = taken.shift?.sentence ?? "";
  };
  const ledger = (n) =>
    scene().ledgers[n] +
    (picture.backward ? "" : ` = ${number(scene().y.at(...at(picture.place(n))))}`);
  return {
    picture,
    rates: POOLING_RATES,
    ticks: () =>
      outputTicks(
        scene().outputs,
        model.get("granularity"),
        1,
        scene().outputs ? scene().y.shape[1] : 1,
      ),
    controls: (bar) => poolingControls(parts, model, bar, picture),
    hint: (changeable) => say(changeable ? "pooling.hint" : "pooling.hint_exported"),
    code: (n) => poolingCode(picture, n),
    sentence: (n) => say("pooling.sentence", { ...picture.place(n), ledger: ledger(n) }),
    place: (n) => say("pooling.place", picture.place(n)),
    hidesTotal: () => model.get("predict") || picture.backward,
    ask: (n) => say("pooling.ask", picture.place(n)),
    truth: (n) => scene().y.at(...at(picture.place(n))),
    mistake: (n, value) => {
      const name = mistakeOf(scene().wrong, value, at(picture.place(n)));
      return say(name ? `pooling.wrong_${name}` : "pooling.wrong", {
        answer: number(value),
        S: model.get("stride"),
      });
    },
    under: (x, y) => poolingUnder(picture, x, y),
    links: (cell) => poolingLinks(picture, cell),
    spot: poolingSpot,
    light: (kind, links) => poolingLight(picture, kind, links),
    words: (cell, links) => poolingWords(picture, cell, links),
    target: (cell) => poolingTarget(picture, cell),
    after: (cell) =>
      cell.kind === "input"
        ? cellAfter(cell, [
            ["row", scene().x.shape[0]],
            ["column", scene().x.shape[1]],
          ])
        : null,
  };
}

function poolingCode(picture, n) {
  const { scene, say } = picture;
  const place = picture.place(n);
  const words = { ...place, rows: scene.code.rows[place.i], columns: scene.code.columns[place.j] };
  if (!picture.backward) return say(`pooling.code_${scene.mode}`, words);
  const { row, column } = picture.winner(place) ?? {};
  const cells = picture.cells(place).filter((cell) => cell.inside).length;
  return say(`pooling.code_back_${scene.mode}`, { ...words, row, column, cells });
}

function poolingControls(parts, model, bar, picture) {
  const { say } = parts;
  menu(
    bar,
    model,
    "granularity",
    say("pooling.granularity"),
    Object.keys(POOLING_RATES).map((grain) => [grain, say(`pooling.grain_${grain}`)]),
  );
  const modes = html("span", { class: "modes needs-kernel" }, parts.controls);
  toggle(modes, model, "predict", say("pooling.predict"), say("pooling.predict_words"));
  const switches = toggle(
    modes,
    model,
    "switches",
    say("pooling.switches"),
    say("pooling.switches_words"),
  );
  onTrait(model, "mode", () => (switches.disabled = model.get("mode") !== "max"), parts.controls);
  onTrait(model, "switches", () => picture.scene && picture.paintDots(), parts.controls);
  toggle(modes, model, "backward", say("pooling.backward"), say("pooling.backward_words"));
  oneOf(parts, model, ["predict", "backward"]);
  const sources = ["numbers", "edge", "digit", "own"].map((name) => [
    name,
    say(`pooling.source_${name}`),
  ]);
  imageChooser(
    menu(modes, model, "source", say("pooling.source"), sources),
    model,
    parts,
    LONGEST_PICTURE,
  );
  const sliders = html("div", { class: "sliders needs-kernel" }, parts.controls);
  const choices = html("span", { class: "choices" }, sliders);
  menu(
    choices,
    model,
    "mode",
    say("pooling.mode"),
    ["max", "average", "l2"].map((mode) => [mode, say(`pooling.mode_${mode}`)]),
  );
  menu(
    choices,
    model,
    "fit",
    say("pooling.fit"),
    ["floor", "exact", "ceil"].map((fit) => [fit, say(`pooling.fit_${fit}`)]),
  );
  for (const name of model.get("controls"))
    slider(sliders, model, name, say(`pooling.size_${name}`), model.get("limits")[name]);
}

export default {
  render: ({ model, el }) => stepping(model, el, "pooling", (parts) => poolingView(model, parts)),
};
