// The Trainer's buttons and sliders. Rates are chosen along a scale of powers of ten.

import {
  button,
  icon,
  menu,
  onTrait,
  QUIET,
  sendMessage,
  setTrait,
  slider,
} from "../../shared/web/controls.js";
import { html, number, set } from "../../shared/web/dom.js";

// A slider over [low, high] by factors; where `zero` is true its left end is 0.
function factorSlider(parent, model, name, label, [low, high], zero = false) {
  const box = html("label", { class: "slider", title: label }, parent);
  const head = html("span", { class: "slider-head" }, box);
  html("span", {}, head, label);
  const shown = html("output", {}, head);
  const perDecade = 10;
  const ends = [low, high].map((value) => Math.round(Math.log10(value) * perDecade));
  const first = zero ? ends[0] - 1 : ends[0];
  const range = html(
    "input",
    {
      type: "range",
      min: first,
      max: ends[1],
      step: 1,
      "aria-label": label,
      "data-trait": name,
      ...QUIET,
    },
    box,
  );
  const valueAt = (place) =>
    zero && place < ends[0] ? 0 : Number((10 ** (place / perDecade)).toPrecision(2));
  const placeOf = (value) => (value <= 0 ? first : Math.round(Math.log10(value) * perDecade));
  range.addEventListener("input", () => setTrait(model, name, valueAt(Number(range.value))));
  onTrait(
    model,
    name,
    () => {
      const value = model.get(name);
      range.value = placeOf(value);
      shown.textContent =
        value && value < 0.001 ? value.toExponential(1).replace("-", "−") : number(value);
    },
    parent,
  );
  return box;
}

// Batch sizes double from one notch to the next.
function doublingSlider(parent, model, name, label, [low, high]) {
  const box = html("label", { class: "slider", title: label }, parent);
  const head = html("span", { class: "slider-head" }, box);
  html("span", {}, head, label);
  const shown = html("output", {}, head);
  const ends = [low, high].map((value) => Math.round(Math.log2(value)));
  const range = html(
    "input",
    {
      type: "range",
      min: ends[0],
      max: ends[1],
      step: 1,
      "aria-label": label,
      "data-trait": name,
      ...QUIET,
    },
    box,
  );
  range.addEventListener("input", () => setTrait(model, name, 2 ** Number(range.value)));
  onTrait(
    model,
    name,
    () => {
      range.value = Math.round(Math.log2(model.get(name)));
      shown.textContent = number(model.get(name));
    },
    parent,
  );
  return box;
}

export function trainerControls(parts, model, hooks) {
  const { controls, say } = parts;
  const scene = model.get("scene");
  const bar = html(
    "div",
    { class: "bar needs-kernel", role: "toolbar", "aria-label": say("trainer.bar") },
    controls,
  );
  const start = button(bar, "play", say("trainer.start"), () => hooks.toggle(), { class: "start" });
  const words = html("span", {}, null);
  button(bar, say("trainer.one_step"), say("trainer.one_step_long"), () =>
    sendMessage(model, { kind: "advance" }),
  );
  button(bar, say("trainer.reset"), say("trainer.reset_long"), () =>
    sendMessage(model, { kind: "reset" }),
  );
  const undo = button(
    bar,
    say("trainer.undo"),
    say("trainer.undo_long"),
    () => sendMessage(model, { kind: "undo" }),
    { class: "undo" },
  );
  menu(
    bar,
    model,
    "optimizer",
    say("trainer.optimizer"),
    scene.rules.map((name) => [name, name === "own" ? scene.own : name]),
  );
  // What the button does, and whether what it was pressed for is still waited for.
  const face = (running, waits) => {
    const state = `${running} ${waits}`;
    if (state === start.dataset.state) return;
    start.dataset.state = state;
    icon(start, running ? "pause" : "play");
    start.append(words);
    words.textContent = waits
      ? say("trainer.waits_word")
      : say(running ? "trainer.pause_word" : "trainer.start_word");
    set(start, {
      "aria-pressed": String(running),
      title: say(running ? "trainer.pause" : "trainer.start"),
    });
    set(start, { "aria-label": waits ? say("trainer.waits") : start.title });
  };
  const sliders = html("div", { class: "sliders needs-kernel" }, controls);
  factorSlider(sliders, model, "lr", say("trainer.lr"), [1e-6, 10]);
  const momentum = slider(
    sliders,
    model,
    "momentum",
    say("trainer.momentum"),
    [0, 0.99],
    say("trainer.momentum_long"),
    0.01,
  );
  onTrait(
    model,
    "optimizer",
    () => momentum.classList.toggle("idle", !["SGD", "Nesterov"].includes(model.get("optimizer"))),
    parts.root,
  );
  factorSlider(sliders, model, "weight_decay", say("trainer.weight_decay"), [1e-6, 1], true);
  doublingSlider(sliders, model, "batch_size", say("trainer.batch_size"), [1, 1024]);
  slider(sliders, model, "picture", say("trainer.picture"), [0, scene.pictures - 1]);
  menu(
    sliders,
    model,
    "layer",
    say("trainer.maps_of"),
    scene.layers.map((name, n) => [n, name]),
  );
  return { undo, face };
}
