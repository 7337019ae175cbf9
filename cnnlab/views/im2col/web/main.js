// The Im2col view: what is particular to it. One tick of the clock is a multiply, an output or a row of outputs.

import { Im2colPicture } from "./paint.js";
import { menu, slider, toggle } from "../../shared/web/controls.js";
import { html, inBrackets, number } from "../../shared/web/dom.js";
import { mistakeOf } from "../../shared/web/predict.js";
import { outputTicks, stepping } from "../../shared/web/steps.js";
import {
  im2colLight,
  im2colLinks,
  im2colSpot,
  im2colTarget,
  im2colUnder,
  im2colWords,
} from "./touch.js";
import { cellAfter } from "../../shared/web/pointer.js";

const IM_RATES = { multiply: 3, output: 1.2, row: 0.8 };

function im2colView(model, parts) {
  const { say } = parts;
  const picture = new Im2colPicture(parts, model);
  const scene = () => picture.scene;
  const at = (n) => [picture.place(n).i, picture.place(n).j, picture.place(n).k];
  const price = html("div", { class: "price" }, parts.lines);
  const take = picture.take.bind(picture);
  picture.take = (taken) => {
    take(taken);
    price.replaceChildren();
    for (const words of taken.price) html("span", {}, price, words);
  };
  return {
    picture,
    rates: IM_RATES,
    ticks: () =>
      outputTicks(
        scene().outputs,
        model.get("granularity"),
        picture.layout.taps,
        scene().outputs ? scene().y.shape[1] : 1,
      ),
    controls: (bar) => im2colControls(parts, model, bar),
    hint: (changeable) => say(changeable ? "im2col.hint" : "im2col.hint_exported"),
    code: (n) => say("im2col.code", picture.place(n)),
    sentence: (n) => im2colSentence(picture, n),
    place: (n) => say("convolution.place", picture.place(n)),
    part: (at) => im2colPart(picture, at),
    hidesTotal: () => model.get("predict"),
    ask: (n) => say("convolution.ask", picture.place(n)),
    truth: (n) => scene().y.at(...at(n)),
    mistake: (n, value) => {
      const name = mistakeOf(scene().wrong, value, at(n));
      return say(name ? `convolution.wrong_${name}` : "convolution.wrong", {
        answer: number(value),
        k: picture.place(n).k,
        S: model.get("stride"),
      });
    },
    under: (x, y) => im2colUnder(picture, x, y),
    links: (cell) => im2colLinks(picture, cell),
    spot: im2colSpot,
    light: (kind, links) => im2colLight(picture, kind, links),
    words: (cell, links) => im2colWords(picture, cell, links),
    target: (cell) => im2colTarget(picture, cell),
    after: (cell) =>
      cell.kind === "weight"
        ? cellAfter(cell, [["r", picture.layout.taps]])
        : cell.kind === "input"
          ? cellAfter(cell, [
              ["row", scene().x.shape[0]],
              ["column", scene().x.shape[1]],
            ])
          : null,
  };
}

function im2colSentence(picture, n) {
  const { scene, say } = picture;
  const place = picture.place(n);
  const { i, j, k } = place;
  const [row, column] = [scene.threads.rows[i], scene.threads.columns[j]];
  const thread = { by: row.block, bx: column.block, ty: row.thread, tx: column.thread };
  const values = { sum: scene.sums.at(i, j, k), bias: scene.b.at(k), total: scene.y.at(i, j, k) };
  const words = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, number(value)]),
  );
  return say("im2col.sentence", { products: picture.layout.taps, ...place, ...thread, ...words });
}

// The present multiply in words, and what the output has come to so far.
function im2colPart(picture, { n, taps }) {
  if (picture.model.get("predict")) return "";
  const done = picture.terms(n).slice(0, taps);
  const { value, weight, product } = done.at(-1);
  const sofar = done.reduce((sum, term) => sum + term.product, 0);
  return picture.say("convolution.multiply", {
    value: number(value),
    weight: inBrackets(weight),
    product: number(product),
    sofar: number(sofar),
  });
}

function im2colControls(parts, model, bar) {
  const { say } = parts;
  const grains = Object.keys(IM_RATES).map((grain) => [grain, say(`convolution.grain_${grain}`)]);
  menu(bar, model, "granularity", say("convolution.granularity"), grains);
  const modes = html("span", { class: "modes needs-kernel" }, parts.controls);
  toggle(
    modes,
    model,
    "predict",
    say("convolution.mode_predict"),
    say("convolution.words_predict"),
  );
  const sliders = html("div", { class: "sliders needs-kernel" }, parts.controls);
  const label = (name) => say(name === "block" ? "im2col.size_block" : `convolution.size_${name}`);
  for (const name of model.get("controls"))
    slider(sliders, model, name, label(name), model.get("limits")[name]);
}

export default {
  render: ({ model, el }) => stepping(model, el, "im2col", (parts) => im2colView(model, parts)),
};
