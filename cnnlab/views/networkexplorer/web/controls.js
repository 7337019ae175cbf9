// The controls of the explorer: which picture, what shares a scale of colours, tools to draw, and the way back.

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

export function explorerControls(picture, actions) {
  const { parts, model, say } = picture;
  const bar = html("div", { class: "bar" }, parts.controls);
  chooser(picture, bar);
  const modes = html("span", { class: "modes" }, bar);
  menu(
    modes,
    model,
    "scope",
    say("networkexplorer.scope"),
    ["unit", "layer", "network"].map((name) => [name, say(`networkexplorer.scope_${name}`)]),
  );
  const fold = button(
    modes,
    say("networkexplorer.fold"),
    say("networkexplorer.fold_words"),
    actions.fold,
    { "data-act": "fold" },
  );
  const panning = html("label", { class: "menu" }, modes);
  const inSight = html("span", { class: "in-sight" }, panning);
  const pan = html(
    "input",
    {
      type: "range",
      min: 0,
      step: 1,
      class: "pan",
      "aria-label": say("networkexplorer.pan_words"),
      title: say("networkexplorer.pan_words"),
      ...QUIET,
    },
    panning,
  );
  pan.addEventListener("input", () => actions.pan(Number(pan.value)));
  const back = button(
    modes,
    say("networkexplorer.back"),
    say("networkexplorer.back_words"),
    actions.back,
    { "data-act": "back", class: "repair" },
  );
  const pages = html("span", { class: "modes needs-kernel pages" }, bar);
  html("span", {}, pages, say("networkexplorer.more"));
  button(pages, "back", say("networkexplorer.page_back"), () => actions.page(-1));
  button(pages, "next", say("networkexplorer.page_next"), () => actions.page(1));
  const tools = drawingTools(picture, bar);
  const negative = button(
    bar,
    say("networkexplorer.act_negative"),
    say("networkexplorer.negative_words"),
    () => sendMessage(model, { kind: "negative" }),
    { "data-act": "negative" },
  );
  return {
    update({ folded, foldable, panned, hidden, shift, unfolded, paged }) {
      const source = picture.model.get("source");
      set(fold, { "aria-pressed": String(folded), hidden: !foldable || unfolded });
      set(panning, { hidden: !panned || unfolded });
      set(pan, { max: Math.max(0, Math.round(hidden)) });
      inSight.textContent = picture.inSight();
      pan.value = shift;
      set(back, { hidden: !unfolded });
      set(pages, { hidden: !paged || unfolded });
      set(tools, { hidden: !picture.pad.on || unfolded });
      set(negative, { hidden: source === "test" || unfolded || !hasKernel(parts) });
    },
  };
}

// The number of the picture, and where it comes from.
function chooser(picture, bar) {
  const { parts, model, say } = picture;
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
  const sources = images ? ["test", "draw", "own"] : ["test"];
  const list = menu(
    box,
    model,
    "source",
    say("networkexplorer.source"),
    sources.map((name) => [name, say(`networkexplorer.source_${name}`)]),
  );
  if (!images) return;
  imageChooser(list, model, parts, 320);
  onceOpened(list, model);
}

// "my own…" asks for a file; until one is opened, the picture before stays, and the list goes on saying so.
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
  const both = ["pencil", "eraser"].map((name) =>
    button(
      tools,
      say(`networkexplorer.act_${name}`),
      say(`networkexplorer.act_${name}`),
      () => pick(name),
      { "data-act": name },
    ),
  );
  const pick = (name) => {
    pad.eraser = name === "eraser";
    both.forEach((made, n) => set(made, { "aria-pressed": String((n === 1) === pad.eraser) }));
  };
  pick("pencil");
  if (model.get("scene").x.shape[2] === 3) {
    const colour = html(
      "input",
      { type: "color", value: "#ffffff", "aria-label": say("networkexplorer.colour"), ...QUIET },
      tools,
    );
    colour.addEventListener(
      "input",
      () =>
        (pad.colour = [1, 3, 5].map((at) => parseInt(colour.value.slice(at, at + 2), 16) / 255)),
    );
  }
  button(
    tools,
    say("networkexplorer.act_clear"),
    say("networkexplorer.act_clear"),
    () => pad.clear(),
    { "data-act": "clear" },
  );
  return tools;
}
