// Sliders along scales of factors: rates by tenths of a power of ten, batch sizes by doublings.

import { onTrait, QUIET, setTrait } from "../../shared/web/controls.js";
import { html, number } from "../../shared/web/dom.js";

const PER_DECADE = 10;
const SMALLEST_FACTOR = 1e-6; // of a scale that begins at 0: its first notch after that

// A slider over [low, high] by factors; if low is 0, so is its left end.
export function factorSlider(parent, model, name, label) {
  const [low, high] = model.get("limits")[name];
  const notchOf = (value) => Math.round(Math.log10(value) * PER_DECADE);
  const least = notchOf(low || SMALLEST_FACTOR);
  const first = low ? least : least - 1;
  const valueAt = (notch) =>
    notch < least ? 0 : Number((10 ** (notch / PER_DECADE)).toPrecision(2));
  return notchSlider(parent, model, name, label, {
    ends: [first, notchOf(high)],
    valueAt,
    notchOf: (value) => (value <= 0 ? first : notchOf(value)),
    words: (value) =>
      value && value < 0.001 ? value.toExponential(1).replace("-", "−") : number(value),
  });
}

// Batch sizes double from one notch to the next.
export function doublingSlider(parent, model, name, label) {
  const notchOf = (value) => Math.round(Math.log2(value));
  return notchSlider(parent, model, name, label, {
    ends: model.get("limits")[name].map(notchOf),
    valueAt: (notch) => 2 ** notch,
    notchOf,
    words: (value) => number(value),
  });
}

// A slider whose notches stand for values; words(value) stands beside its label.
function notchSlider(parent, model, name, label, { ends, valueAt, notchOf, words }) {
  const box = html("label", { class: "slider", title: label }, parent);
  const head = html("span", { class: "slider-head" }, box);
  html("span", {}, head, label);
  const shown = html("output", {}, head);
  const attributes = { type: "range", min: ends[0], max: ends[1], step: 1, "aria-label": label };
  const range = html("input", { ...attributes, "data-trait": name, ...QUIET }, box);
  range.addEventListener("input", () => setTrait(model, name, valueAt(Number(range.value))));
  const update = () => {
    const value = model.get(name);
    range.value = notchOf(value);
    shown.textContent = words(value);
  };
  onTrait(model, name, update, parent);
  return box;
}
