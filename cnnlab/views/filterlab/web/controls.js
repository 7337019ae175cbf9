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
  const list = (parent, name, values, more = (value) => say(`filterlab.${name}_${value}`)) =>
    menu(
      parent,
      model,
      name,
      say(`filterlab.label_${name}`),
      values.map((value) => [value, more(value)]),
    );
  const modes = html("span", { class: "modes needs-kernel" }, bar);
  list(modes, "mode", ["grey", "colour", "each", "mix"]);
  imageChooser(
    list(modes, "source", ["photograph", "digit", "edge", "cross", "own"]),
    model,
    parts,
    160,
  );
  presetButtons(parts, model, say);
  const row = html("div", { class: "sliders" }, parts.controls);
  const sizes = html("span", { class: "modes needs-kernel" }, row);
  list(sizes, "kernel_size", [3, 5, 7], String).classList.add("spatial");
  list(sizes, "padding", ["same", "valid"]);
  slider(sizes, model, "stride", say("filterlab.stride"), [1, 8]);
  list(row, "shown", ["picture", "signed"]);
  const acts = html("span", { class: "modes needs-kernel" }, row);
  for (const name of ["negate", "zero", "turn", "flip"]) {
    const made = button(acts, say(`filterlab.act_${name}`), say(`filterlab.act_${name}`), () =>
      sendMessage(model, { kind: "act", name }),
    );
    made.classList.toggle("spatial", name === "turn" || name === "flip");
  }
  onTrait(model, "mode", () => (parts.root.dataset.mode = model.get("mode")), parts.root);
}

// One button a preset, those of another mode replace them; and one that brings the last own filter back. In a page
// without a kernel they need the results that travel with it.
function presetButtons(parts, model, say) {
  const row = html(
    "div",
    { class: "presets", role: "toolbar", "aria-label": say("filterlab.preset") },
    parts.controls,
  );
  row.classList.toggle("needs-kernel", !Object.keys(model.get("album")).length);
  const fill = () => {
    row.replaceChildren();
    html("span", {}, row, say("filterlab.preset"));
    for (const name of model.get("presets")[model.get("mode")]) {
      const words = say(`filterlab.preset_${name}`);
      const made = button(row, words, words, () => requestTrait(model, "preset", name), {
        "data-preset": name,
      });
      made.hidden = !hasKernel(parts) && !model.get("album")[name];
    }
    const words = say("filterlab.mine_words");
    const mine = button(row, say("filterlab.mine"), words, () => bringBack(parts, model), {
      "data-preset": "own",
    });
    mine.hidden = !(hasKernel(parts)
      ? model.get("mine").includes(model.get("mode"))
      : model.get("album").own);
    press();
  };
  const press = () => {
    for (const made of row.querySelectorAll("button"))
      set(made, { "aria-pressed": String(made.dataset.preset === model.get("preset")) });
  };
  onTrait(model, "mode", fill, parts.root);
  onTrait(model, "mine", fill, parts.root);
  onTrait(model, "preset", press, parts.root);
}

function bringBack(parts, model) {
  if (hasKernel(parts)) sendMessage(model, { kind: "mine" });
  else setTrait(model, "preset", "own");
}
