// The controls of the FilterLab: what the filter is, where it starts from, and what is done to it.

import { imageChooser } from "../../shared/web/upload.js";
import {
  button,
  menu,
  onTrait,
  requestTrait,
  sendMessage,
  setTrait,
  slider,
} from "../../shared/web/controls.js";
import { html, set } from "../../shared/web/dom.js";
import { hasKernel } from "../../shared/web/frame.js";

export function labControls(parts, model, bar, say) {
  const sources = html("span", { class: "modes needs-kernel" }, bar);
  labMenu(sources, model, "mode", say);
  const source = labMenu(sources, model, "source", say);
  imageChooser(source, model, parts, model.get("longest"));
  presetButtons(parts, model, say);
  const row = html("div", { class: "sliders" }, parts.controls);
  const sizes = html("span", { class: "modes needs-kernel" }, row);
  labMenu(sizes, model, "kernel_size", say).classList.add("spatial");
  labMenu(sizes, model, "padding", say);
  slider(sizes, model, "stride", say("filterlab.stride"), model.get("limits").stride);
  labMenu(row, model, "shown", say);
  actionButtons(row, model, say);
  onTrait(model, "mode", () => (parts.root.dataset.mode = model.get("mode")), parts.root);
}

// The values of a trait, with their words; a number is its own word.
function labMenu(parent, model, name, say) {
  const words = (value) =>
    typeof value === "number" ? String(value) : say(`filterlab.${name}_${value}`);
  const choices = model.get("choices")[name].map((value) => [value, words(value)]);
  return menu(parent, model, name, say(`filterlab.label_${name}`), choices);
}

// What is done to the whole filter; a mix of channels has no sides to be turned.
function actionButtons(row, model, say) {
  const acts = html("span", { class: "modes needs-kernel" }, row);
  for (const [name, needsSides] of Object.entries(model.get("actions"))) {
    const words = say(`filterlab.act_${name}`);
    const send = () => sendMessage(model, { kind: "act", name });
    button(acts, words, words, send).classList.toggle("spatial", needsSides);
  }
}

// One button a preset, those of another mode replace them; and one that brings the last own filter back. In a page
// without a kernel they need the results that travel with it.
function presetButtons(parts, model, say) {
  const attributes = { class: "presets", role: "toolbar", "aria-label": say("filterlab.preset") };
  const row = html("div", attributes, parts.controls);
  row.classList.toggle("needs-kernel", !Object.keys(model.get("album")).length);
  const press = () => {
    for (const pressed of row.querySelectorAll("button"))
      set(pressed, { "aria-pressed": String(pressed.dataset.preset === model.get("preset")) });
  };
  const fill = () => {
    row.replaceChildren();
    html("span", {}, row, say("filterlab.preset"));
    for (const name of model.get("presets")[model.get("mode")]) onePreset(row, parts, model, name);
    ownPreset(row, parts, model);
    press();
  };
  onTrait(model, "mode", fill, parts.root);
  onTrait(model, "mine", fill, parts.root);
  onTrait(model, "preset", press, parts.root);
}

function onePreset(row, parts, model, name) {
  const words = parts.say(`filterlab.preset_${name}`);
  const choose = () => requestTrait(model, "preset", name);
  const preset = button(row, words, words, choose, { "data-preset": name });
  preset.hidden = !hasKernel(parts) && !model.get("album")[name];
}

function ownPreset(row, parts, model) {
  const words = parts.say("filterlab.mine_words");
  const bringBack = () => {
    if (hasKernel(parts)) sendMessage(model, { kind: "mine" });
    else setTrait(model, "preset", "own");
  };
  const own = button(row, parts.say("filterlab.mine"), words, bringBack, { "data-preset": "own" });
  own.hidden = !(hasKernel(parts)
    ? model.get("mine").includes(model.get("mode"))
    : model.get("album").own);
}
