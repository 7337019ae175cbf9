// The frame every view stands in: controls above, what is wrong and how to repair it, the drawing, lines of code and
// formula, and at the foot what was touched and the scales of the colours.

import { html, set, svg, translator } from "./dom.js";
import { button, QUIET, requestTrait } from "./controls.js";
import { isDark } from "./colour.js";

// Builds the frame in `el` and returns its parts; `close` undoes every listener given to `onTrait` and `later`.
/**
 * @param {import("./types.js").Model} model
 * @returns {import("./types.js").Parts}
 */
export function viewFrame(el, model, name) {
  const say = translator(model);
  const root = html("div", { class: `cnnlab ${name}`, tabindex: 0, ...QUIET }, el);
  root.closers = [];
  root.classList.toggle("exported", Boolean(model.exported));
  set(root, { role: "group", "aria-label": say(`${name}.title`) });
  html("div", { class: "lost", role: "alert" }, root, say("view.lost"));
  const controls = html("div", { class: "controls" }, root);
  const problem = html("div", { class: "problem", role: "status" }, root);
  const svgElement = svg("svg", { class: "drawing", role: "img" }, root);
  hatching(root, svgElement);
  const lines = html("div", { class: "lines" }, root);
  const foot = html("div", { class: "foot" }, root);
  const caption = html("span", { class: "caption" }, foot);
  const scales = html("span", { class: "scales" }, foot);
  const spoken = html("div", { class: "spoken" }, root);
  const later = (close) => root.closers.push(close);
  // The kernel has restarted or ended: nothing answers any more, and the drawing stays as it is.
  const lose = () => root.classList.add("without-kernel");
  model.on("comm_live_update", lose);
  later(() => model.off("comm_live_update", lose));
  // A drag with the mouse must not start the notebook's own dragging or selecting.
  root.addEventListener("mousedown", (event) => event.stopPropagation());
  const darken = (dark) => (root.dataset.theme = dark ? "dark" : "light");
  darken(isDark());
  const close = () => root.closers.splice(0).forEach((undo) => undo());
  return {
    root,
    controls,
    problem,
    svgElement,
    lines,
    caption,
    scales,
    spoken,
    say,
    later,
    darken,
    close,
  };
}

// Is there a kernel that answers? Not in an exported page, and not after a restart.
export const hasKernel = (parts) => !parts.root.matches(".exported, .without-kernel");

// The patterns of padding and of dropped cells. Each drawing has its own, because a notebook takes cells that are
// scrolled away out of the page, and with them what another drawing would borrow.
function hatching(root, svgElement) {
  const defs = svg("defs", {}, svgElement);
  for (const [kind, d] of [
    ["hatch", "M0 6L6 0M-1 1L1 -1M5 7L7 5"],
    ["cross", "M0 6L6 0M0 0L6 6"],
  ]) {
    const id = `cnnlab-${kind}-${Math.random().toString(36).slice(2)}`;
    const pattern = svg(
      "pattern",
      { id, width: 6, height: 6, patternUnits: "userSpaceOnUse" },
      defs,
    );
    svg("path", { d, class: kind }, pattern);
    root.style.setProperty(`--${kind}-fill`, `url(#${id})`);
  }
}

// Says what does not fit, with a button for each repair {trait, value, words}.
export function showProblem(parts, model, problem) {
  parts.problem.replaceChildren();
  if (!problem) return;
  html("span", {}, parts.problem, problem.sentence);
  for (const { trait, value, words } of problem.repairs)
    button(parts.problem, words, words, () => requestTrait(model, trait, value), {
      class: "repair",
    });
}

// The words for those who do not see the drawing; read aloud only while nothing plays.
export function speak(parts, model, sentence) {
  set(parts.svgElement, { "aria-label": sentence });
  set(parts.spoken, { "aria-live": model.get("playing") ? "off" : "polite" });
  parts.spoken.textContent = sentence;
}

// The place of a pointer in the coordinates of the drawing.
export function pointIn(svgElement, event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(
    svgElement.getScreenCTM().inverse(),
  );
  return [point.x, point.y];
}

// keys: {" ": action, ArrowLeft: action, …}. Fields in which one types or chooses keep their keys.
/** @param {(event: KeyboardEvent) => boolean | void} [otherwise] takes a key first, if it is one of its own */
export function keyboard(root, keys, otherwise = () => false) {
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    // Left and right move the view also after a choice from a menu, where up and down choose.
    const sideways =
      event.target.matches("select") && ["ArrowLeft", "ArrowRight"].includes(event.key);
    const typing = event.target.matches("input, select, textarea") && !sideways;
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && event.target.matches("button")) return;
    if (otherwise(event)) return event.preventDefault();
    if (!(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
}

// After a slider that Python answers: say so if it takes long, and never pretend that the old drawing is the new one.
// A scene says of which settings it is: a slider moved to and fro may end where the scene already is.
export function waiting(root, model, names, later) {
  let timer = null;
  const isOld = () => {
    const { settings } = model.get("scene");
    return names.some(
      (name) => !settings || (name in settings && settings[name] !== model.get(name)),
    );
  };
  const asked = () => {
    clearTimeout(timer);
    timer = setTimeout(() => root.classList.toggle("waiting", isOld()), 400);
  };
  const answered = () => {
    clearTimeout(timer);
    root.classList.remove("waiting");
  };
  root.addEventListener(
    "input",
    (event) => event.target.dataset?.trait && names.includes(event.target.dataset.trait) && asked(),
  );
  model.on("change:scene", answered);
  later(() => {
    clearTimeout(timer);
    model.off("change:scene", answered);
  });
}

// What the drawing of every view begins with; `body` is the group it draws in, made again for a new geometry.
export class Drawing {
  /**
   * @param {import("./types.js").Parts} parts
   * @param {import("./types.js").Model} model
   */
  constructor(parts, model) {
    this.parts = parts;
    this.model = model;
    this.say = parts.say;
    this.svgElement = parts.svgElement;
    /** @type {any} */
    this.body = null;
  }

  get dark() {
    return this.parts.root.dataset.theme === "dark";
  }
}
