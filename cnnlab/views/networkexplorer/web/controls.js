// The controls of the explorer: which image, what shares a scale of colours, tools to draw, and the way back.

import { imageChooser } from "../../shared/web/upload.js";
import {
  button,
  menu,
  onTrait,
  QUIET,
  requestTrait,
  sendMessage,
  slider,
} from "../../shared/web/controls.js";
import { clamp, html, set } from "../../shared/web/dom.js";
import { hasKernel } from "../../shared/web/frame.js";

export class ExplorerControls {
  // actions: fold(), pan(x), back(), page(by)
  constructor(drawing, actions) {
    this.drawing = drawing;
    const { parts, say } = drawing;
    const bar = html("div", { class: "bar" }, parts.controls);
    chooser(drawing, bar);
    const modes = html("span", { class: "modes" }, bar);
    const scopes = traitOptions(drawing.model, "scope", say);
    menu(modes, drawing.model, "scope", say("networkexplorer.scope"), scopes);
    this.fold = this.act(modes, "fold", "networkexplorer.fold", actions.fold);
    this.panning = html("label", { class: "menu" }, modes);
    this.inSight = html("span", { class: "in-sight" }, this.panning);
    this.pan = panSlider(this.panning, say("networkexplorer.pan_words"), actions.pan);
    this.back = this.act(modes, "back", "networkexplorer.back", actions.back, { class: "repair" });
    this.pages = pageButtons(bar, say, actions.page);
    this.tools = drawingTools(drawing, bar);
    const negate = () => sendMessage(drawing.model, { kind: "negative" });
    this.negative = button(
      bar,
      say("networkexplorer.act_negative"),
      say("networkexplorer.negative_words"),
      negate,
      { "data-act": "negative" },
    );
  }

  act(parent, name, key, action, more = {}) {
    const { say } = this.drawing;
    const attributes = { "data-act": name, ...more };
    const words = say(`networkexplorer.${name}_words`);
    return button(parent, say(key), words, action, attributes);
  }

  update({ folded, foldable, panned, hidden, shift, decomposed, paged }) {
    const { drawing } = this;
    const source = drawing.model.get("source");
    set(this.fold, { "aria-pressed": String(folded), hidden: !foldable || decomposed });
    set(this.panning, { hidden: !panned || decomposed });
    set(this.pan, { max: Math.max(0, Math.round(hidden)) });
    this.inSight.textContent = drawing.inSight();
    this.pan.value = shift;
    set(this.back, { hidden: !decomposed });
    set(this.pages, { hidden: !paged || decomposed });
    set(this.tools, { hidden: !drawing.pad.on || decomposed });
    const fixed = source === "test" || decomposed || !hasKernel(drawing.parts);
    set(this.negative, { hidden: fixed });
  }
}

const traitOptions = (model, name, say) =>
  model.get("choices")[name].map((value) => [value, say(`networkexplorer.${name}_${value}`)]);

// Moves the columns, where not all of them fit.
function panSlider(parent, words, action) {
  const attributes = { type: "range", min: 0, step: 1, class: "pan", "aria-label": words };
  const pan = html("input", { ...attributes, title: words, ...QUIET }, parent);
  pan.addEventListener("input", () => action(Number(pan.value)));
  return pan;
}

function pageButtons(bar, say, action) {
  const pages = html("span", { class: "modes needs-kernel pages" }, bar);
  html("span", {}, pages, say("networkexplorer.more"));
  button(pages, "back", say("networkexplorer.page_back"), () => action(-1));
  button(pages, "next", say("networkexplorer.page_next"), () => action(1));
  return pages;
}

// The number of the image, and where it comes from.
function chooser(drawing, bar) {
  const { parts, model, say } = drawing;
  const last = model.get("pictures") - 1;
  const go = (by) =>
    requestTrait(model, "picture", clamp(model.get("picture") + by, 0, model.get("pictures") - 1));
  const box = html("span", { class: "modes needs-kernel" }, bar);
  button(box, "back", say("networkexplorer.previous"), () => go(-1));
  const made = slider(box, model, "picture", say("networkexplorer.picture"), [0, last]);
  button(box, "next", say("networkexplorer.next"), () => go(1));
  onTrait(
    model,
    "pictures",
    () => set(made.querySelector("input"), { max: model.get("pictures") - 1 }),
    bar,
  );
  const images = model.get("scene").x.shape.length === 3;
  const sources = traitOptions(model, "source", say);
  const possible = images ? sources : sources.slice(0, 1); // only an image can be drawn, or opened
  const list = menu(box, model, "source", say("networkexplorer.source"), possible);
  if (!images) return;
  imageChooser(list, model, parts, model.get("longest"));
  onceOpened(list, model);
}

// "my own…" asks for a file; until one is opened, the image before stays, and the list goes on saying so.
function onceOpened(list, model) {
  const choose = (event) => {
    if (event.target.value !== "own") return;
    event.stopPropagation();
    event.target.value = model.get("source");
    list.querySelector("input[type=file]").click();
  };
  list.addEventListener("change", choose, true);
}

function drawingTools({ pad, model, say }, bar) {
  const tools = html("span", { class: "modes needs-kernel tools" }, bar);
  const tool = (name, action) => {
    const words = say(`networkexplorer.act_${name}`);
    return button(tools, words, words, action, { "data-act": name });
  };
  const pick = (name) => {
    pad.eraser = name === "eraser";
    pencils.forEach((pressed, n) =>
      set(pressed, { "aria-pressed": String((n === 1) === pad.eraser) }),
    );
  };
  const pencils = ["pencil", "eraser"].map((name) => tool(name, () => pick(name)));
  pick("pencil");
  if (model.get("scene").x.shape[2] === 3) colourField(pad, tools, say("networkexplorer.colour"));
  tool("clear", () => pad.clear());
  return tools;
}

function colourField(pad, tools, words) {
  const attributes = { type: "color", value: "#ffffff", "aria-label": words };
  const field = html("input", { ...attributes, ...QUIET }, tools);
  const channel = (at) => parseInt(field.value.slice(at, at + 2), 16) / 255;
  field.addEventListener("input", () => (pad.colour = [1, 3, 5].map(channel)));
}
