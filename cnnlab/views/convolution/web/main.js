// The Convolution view: what is particular to it. One tick of the clock is a multiply, a channel, an output or a row.

import { outputTicks, stepping } from "../../shared/web/steps.js";
import { ConvolutionPicture } from "./paint.js";
import {
  cellUnder,
  convolutionAfter,
  light,
  linksOf,
  paintable,
  sentenceOf,
  spotOf,
} from "./touch.js";
import { imageChooser } from "../../shared/web/upload.js";
import { menu, oneOf, slider, toggle } from "../../shared/web/controls.js";
import { html, inBrackets, number } from "../../shared/web/dom.js";
import { mistakeOf } from "../../shared/web/predict.js";

const LONGEST_PICTURE = 48;
const RATES = { multiply: 4, channel: 2, output: 1.2, row: 0.8 };

// Ticks as of any view with outputs; the taps of a channel are shown at once.
function convolutionTicks({ scene }, grain) {
  if (!scene.outputs) return outputTicks(0);
  const [, FH, FW, depth] = scene.w.shape;
  const taps = grain === "channel" ? FH * FW : 1;
  const ticks = outputTicks(scene.outputs, grain, (FH * FW * depth) / taps, scene.y.shape[1]);
  const at = (tick) => {
    const found = ticks.at(tick);
    return { ...found, taps: found.taps * taps };
  };
  return { ...ticks, at };
}

function convolutionView(model, parts) {
  const { say } = parts;
  const picture = new ConvolutionPicture(parts, model);
  return {
    picture,
    rates: RATES,
    // Nothing is seen of a single product while the outputs are to be guessed.
    ticks: () =>
      convolutionTicks(picture, model.get("predict") ? "output" : model.get("granularity")),
    controls: (bar) => convolutionControls(parts, model, bar, say),
    hint: (changeable) => {
      const more = [
        model.get("padding") && say("convolution.padded"),
        !picture.layout.stacked && say("convolution.one_filter"),
      ];
      return [
        say(changeable ? "convolution.hint" : "convolution.hint_exported"),
        ...more.filter(Boolean),
      ].join(" ");
    },
    code: (n) => convolutionCode(picture, n),
    sentence: (n) =>
      say(
        ...(picture.backward
          ? ["convolution.place", picture.place(n)]
          : convolutionSentence(picture, n)),
      ),
    place: (n) => say("convolution.place", picture.place(n)),
    part: (at) => convolutionPart(picture, model, at),
    hidesTotal: () => model.get("predict") || picture.backward,
    ask: (n) => say("convolution.ask", picture.place(n)),
    truth: (n) => picture.scene.y.at(...outputPlace(picture, n)),
    mistake: (n, value) => convolutionMistake(picture, model, n, value),
    under: (x, y) => cellUnder(picture, x, y),
    links: (cell) => linksOf(picture, cell),
    spot: spotOf,
    light: (kind, links) => picture.marks && light(picture, kind, links),
    words: (cell, links) => sentenceOf(picture, cell, links),
    target: (cell) => paintable(picture, cell),
    after: (cell) => convolutionAfter(picture.scene, cell),
  };
}

function outputPlace(picture, n) {
  const { i, j, k } = picture.place(n);
  return [i, j, k];
}

function convolutionCode(picture, n) {
  const place = picture.place(n);
  const { rows, columns, channels } = picture.scene.code;
  const slices = { rows: rows[place.i], columns: columns[place.j], channels: channels[place.k] };
  return picture.say(picture.backward ? "convolution.code_backward" : "convolution.code", {
    ...place,
    ...slices,
  });
}

function convolutionMistake(picture, model, n, value) {
  const name = mistakeOf(picture.scene.wrong, value, outputPlace(picture, n));
  const key = name ? `convolution.wrong_${name}` : "convolution.wrong";
  return picture.say(key, { answer: number(value), k: picture.place(n).k, S: model.get("stride") });
}

// The present multiply in words, and what the output has come to so far.
function convolutionPart(picture, model, { n, taps }) {
  if (model.get("granularity") !== "multiply" || picture.backward || model.get("predict"))
    return "";
  const done = picture.taps(picture.place(n)).flat().slice(0, taps);
  const { value, weight, inside } = done.at(-1);
  const sofar = done.reduce((sum, tap) => sum + (tap.inside ? tap.value * tap.weight : 0), 0);
  const words = {
    value: number(value),
    weight: inBrackets(weight),
    product: number(inside ? value * weight : 0),
  };
  return picture.say("convolution.multiply", { ...words, sofar: number(sofar) });
}

// The key and the values of the sentence about output n.
function convolutionSentence(picture, n) {
  const { scene } = picture;
  const place = picture.place(n);
  const [, FH, FW, depth] = scene.w.shape;
  const sums = Array.from({ length: depth }, (_, c) => scene.sums.at(place.i, place.j, place.k, c));
  const values = {
    sum: sums.reduce((a, b) => a + b, 0),
    bias: scene.b.at(place.k),
    total: scene.y.at(place.i, place.j, place.k),
  };
  const words = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, number(value)]),
  );
  return ["convolution.sentence", { ...place, products: FH * FW * depth, ...words }];
}

function convolutionControls(parts, model, bar, say) {
  const grains = Object.keys(RATES).map((grain) => [grain, say(`convolution.grain_${grain}`)]);
  menu(bar, model, "granularity", say("convolution.granularity"), grains);
  const modes = html("span", { class: "modes needs-kernel" }, parts.controls);
  for (const mode of model.get("modes"))
    toggle(modes, model, mode, say(`convolution.mode_${mode}`), say(`convolution.words_${mode}`));
  oneOf(parts, model, ["predict", "backward"]);
  const sources = ["demo", "edge", "cross", "digit", "photograph", "own"].map((name) => [
    name,
    say(`convolution.source_${name}`),
  ]);
  const list = menu(modes, model, "source", say("convolution.source"), sources);
  imageChooser(list, model, parts, LONGEST_PICTURE);
  const sliders = html("div", { class: "sliders needs-kernel" }, parts.controls);
  for (const name of model.get("controls"))
    slider(sliders, model, name, say(`convolution.size_${name}`), model.get("limits")[name]);
}

export default {
  render: ({ model, el }) =>
    stepping(model, el, "convolution", (parts) => convolutionView(model, parts)),
};
