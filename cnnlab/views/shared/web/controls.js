// Buttons, menus and sliders bound to traits. All keep their keys from the notebook, whose shortcuts cut and delete cells.

import { html, number, set, svg } from "./dom.js";

export const QUIET = { "data-lm-suppress-shortcuts": "true" };

export function setTrait(model, name, value) {
  model.set(name, value);
  model.save_changes();
}

// The notebook's server holds a small message back until the one before it is acknowledged, and a browser acknowledges
// after 40 ms unless it has something to send. So after a question to Python it sends something, and the answer comes.
const FLUSHES = [8, 20]; // milliseconds after the question

export function flush(model) {
  if (!model.exported)
    for (const after of FLUSHES) setTimeout(() => model.send({ kind: "flush" }), after);
}

// Put a value that Python answers with a new scene.
export function requestTrait(model, name, value) {
  setTrait(model, name, value);
  flush(model);
}

// Send a message that Python answers with a new scene.
export function sendMessage(model, message) {
  model.send(message);
  flush(model);
}

// Icons are drawn, because not every font has them: outlines in a square of 16.
const ICONS = {
  first: "M3 3h2v10H3zM14 3v10L6 8z",
  back: "M12 2v12L3 8z",
  play: "M4 2v12l9-6z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  next: "M2 3v10l8-5zM11 3h2v10h-2z",
  larger: "M2 2h5v2H4v3H2zM9 2h5v5h-2V4H9zM2 9h2v3h3v2H2zM12 9h2v5H9v-2h3z",
};

export function icon(made, name) {
  const drawing = svg("svg", {
    viewBox: "0 0 16 16",
    width: 16,
    height: 16,
    class: "icon",
    "aria-hidden": "true",
  });
  svg("path", { d: ICONS[name] }, drawing);
  made.replaceChildren(drawing);
}

// `face` is the name of an icon, or the words on the button.
export function button(parent, face, words, action, more = {}) {
  const made = html(
    "button",
    { type: "button", title: words, "aria-label": words, ...QUIET, ...more },
    parent,
  );
  if (face in ICONS) icon(made, face);
  else made.textContent = face;
  made.addEventListener("click", action);
  return made;
}

// A button that stays down while the trait is true.
export function toggle(parent, model, name, label, words) {
  const made = button(parent, label, words, () => requestTrait(model, name, !model.get(name)));
  const update = () => set(made, { "aria-pressed": String(Boolean(model.get(name))) });
  onTrait(model, name, update, parent);
  return made;
}

// Of these traits at most one is true: the last that was set.
export function oneOf(parts, model, names) {
  for (const name of names)
    onTrait(
      model,
      name,
      () => {
        if (!model.get(name)) return;
        for (const other of names)
          if (other !== name && model.get(other)) requestTrait(model, other, false);
      },
      parts.root,
    );
}

// choices: [[value, words], …]
export function menu(parent, model, name, label, choices) {
  const box = html("label", { class: "menu" }, parent);
  html("span", {}, box, label);
  const list = html("select", { "aria-label": label, "data-menu": name, ...QUIET }, box);
  for (const [value, words] of choices) html("option", { value }, list, words);
  list.addEventListener("change", () => {
    const typed = choices.find(([value]) => String(value) === list.value);
    requestTrait(model, name, typed[0]);
  });
  onTrait(model, name, () => (list.value = String(model.get(name))), parent);
  return box;
}

// A labelled slider with its value beside the label; [low, high] are the ends, step its increment.
export function slider(parent, model, name, label, [low, high], words = label, step = 1) {
  const box = html("label", { class: "slider", title: words }, parent);
  const head = html("span", { class: "slider-head" }, box);
  html("span", {}, head, label);
  const shown = html("output", {}, head);
  const range = html(
    "input",
    { type: "range", min: low, max: high, step, "aria-label": words, "data-trait": name, ...QUIET },
    box,
  );
  range.addEventListener("input", () => requestTrait(model, name, Number(range.value)));
  onTrait(
    model,
    name,
    () => {
      range.value = model.get(name);
      shown.textContent = number(model.get(name));
    },
    parent,
  );
  return box;
}

// Runs `update` now and at every change of the trait, until the view that holds `element` is closed.
export function onTrait(model, name, update, element) {
  update();
  model.on(`change:${name}`, update);
  const root = element.closest(".cnnlab") ?? element;
  (root.closers ??= []).push(() => model.off(`change:${name}`, update));
}
