// Predict mode: the learner types what an output is, and a wrong answer is recognised by the mistake that makes it.

import { QUIET } from "./controls.js";
import { html, number, set, unpack } from "./dom.js";

// Asks for one output after another while the trait "predict" is on.
export class PredictForm {
  /**
   * @param {import("./types.js").Model} model
   * @param {import("./types.js").Parts} parts
   * @param {import("./types.js").PredictHooks} hooks
   */
  constructor(model, parts, hooks) {
    this.model = model;
    this.parts = parts;
    this.hooks = hooks;
    this.asked = null;
    this.box = html("form", { class: "predict", hidden: true }, parts.lines);
    this.label = html("code", {}, this.box);
    const typed = { type: "text", inputmode: "decimal", size: 6, autocomplete: "off", ...QUIET };
    this.field = html("input", typed, this.box);
    html("button", { type: "submit", ...QUIET }, this.box, parts.say("predict.answer"));
    this.feedback = html("span", { role: "status" }, this.box);
    this.box.addEventListener("submit", (event) => {
      event.preventDefault();
      this.check(this.field.value.trim());
      hooks.repaint();
    });
    // In the field, up and down and Escape go back to the view, whose keys then move it.
    this.field.addEventListener("keydown", (event) => {
      if (!["ArrowUp", "ArrowDown", "Escape"].includes(event.key)) return;
      event.preventDefault();
      this.leave();
    });
  }

  leave() {
    this.parts.root.focus({ preventScroll: true });
  }

  ask(n) {
    this.asked = n;
    const words = this.hooks.ask(n);
    this.label.textContent = words;
    set(this.field, { "aria-label": words });
    this.field.value = this.feedback.textContent = "";
  }

  check(typed) {
    const { asked, hooks, feedback } = this;
    const { say } = this.parts;
    const value = Number(typed.replace("−", "-").replace(",", "."));
    const truth = hooks.truth(asked);
    feedback.className = "bad";
    if (!typed) feedback.textContent = say("predict.empty");
    else if (!Number.isFinite(value))
      feedback.textContent = say("predict.not_a_number", { answer: this.field.value });
    else if (isAnswer(typed, value, truth)) this.accept(truth);
    else feedback.textContent = hooks.mistake(asked, value);
  }

  accept(truth) {
    const { asked, hooks, feedback } = this;
    hooks.guessed().set(asked, truth);
    const left = Array.from({ length: hooks.outputs() }, (_, n) => n).filter(
      (n) => !hooks.guessed().has(n),
    );
    const next = left.find((n) => n > asked) ?? left[0];
    const words = this.parts.say(next === undefined ? "predict.all_right" : "predict.right", {
      place: hooks.ask(asked),
      value: number(truth),
    });
    if (next !== undefined) hooks.go(next);
    this.leave(); // so that arrow keys move on; digits find the field by themselves
    feedback.className = "good";
    feedback.textContent = words;
  }

  update(n) {
    this.box.hidden = !this.model.get("predict") || !this.hooks.outputs();
    if (!this.box.hidden && n !== this.asked) this.ask(n);
  }

  reset() {
    this.asked = null;
    this.feedback.textContent = "";
  }

  // A number typed anywhere in the view is an answer.
  key(event) {
    if (this.box.hidden || !/^[0-9.\-]$/.test(event.key)) return false;
    this.field.focus();
    this.field.value += event.key;
    return true;
  }
}

// The name of the first of the mistakes [{name, y}, …] that makes this value at that place; null if none does.
export function mistakeOf(wrong, value, place) {
  return wrong.find(({ y }) => isClose(value, unpack(y).at(...place)))?.name ?? null;
}

// An answer is right if it is what a cell shows of the truth, or the truth rounded to the decimals that were typed.
export function isAnswer(typed, value, truth) {
  const decimals = (typed.split(/[.,]/)[1] ?? "").length;
  const digits = typed.replace(/\D/g, "").replace(/^0+/, "").length;
  const rounded =
    decimals > 0 && digits > 1 && Math.abs(value - truth) <= 0.5 * 10 ** -decimals + 1e-9;
  return isClose(value, truth) || rounded || value === Number(number(truth).replace("−", "-"));
}

// Rounded to what one types: a thousandth, or a thousandth of the value.
const isClose = (a, b) => Math.abs(a - b) <= 1e-3 * Math.max(1, Math.abs(b));
