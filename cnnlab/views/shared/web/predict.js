// Predict mode: the learner types what an output is, and a wrong answer is told apart by the mistake that makes it.

import { html, number, set, unpack } from "./dom.js";
import { QUIET } from "./controls.js";

// hooks: outputs() how many there are, ask(n) the words before the field, truth(n) the right value,
//        mistake(n, value) what a wrong value comes from, guessed() the Map of values found, go(n) to another output,
//        repaint(). Returns update(n), which asks for output n while the trait "predict" is on, reset(),
//        and key(event), which takes digits typed in the view.
export function predicting(model, parts, hooks) {
  const { say } = parts;
  const box = html("form", { class: "predict", hidden: true }, parts.lines);
  const label = html("code", {}, box);
  const field = html(
    "input",
    { type: "text", inputmode: "decimal", size: 6, autocomplete: "off", ...QUIET },
    box,
  );
  html("button", { type: "submit", ...QUIET }, box, say("predict.answer"));
  const verdict = html("span", { role: "status" }, box);
  let asked = null;

  const ask = (n) => {
    asked = n;
    const words = hooks.ask(n);
    label.textContent = words;
    set(field, { "aria-label": words });
    field.value = verdict.textContent = "";
  };

  const found = (truth) => {
    hooks.guessed().set(asked, truth);
    const left = Array.from({ length: hooks.outputs() }, (_, n) => n).filter(
      (n) => !hooks.guessed().has(n),
    );
    const next = left.find((n) => n > asked) ?? left[0];
    const words = say(next === undefined ? "predict.all_right" : "predict.right", {
      place: hooks.ask(asked),
      value: number(truth),
    });
    if (next !== undefined) hooks.go(next);
    parts.root.focus({ preventScroll: true }); // so that arrow keys move on; digits find the field by themselves
    verdict.className = "good";
    verdict.textContent = words;
  };

  box.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = Number(field.value.replace("−", "-").replace(",", "."));
    const truth = hooks.truth(asked);
    const isNumber = field.value.trim() !== "" && Number.isFinite(value);
    const right = isNumber && isAnswer(field.value.trim(), value, truth);
    verdict.className = "bad";
    if (!field.value.trim()) verdict.textContent = say("predict.empty");
    else if (!isNumber) verdict.textContent = say("predict.not_a_number", { answer: field.value });
    else if (!right) verdict.textContent = hooks.mistake(asked, value);
    else found(truth);
    hooks.repaint();
  });

  const update = (n) => {
    box.hidden = !model.get("predict") || !hooks.outputs();
    if (!box.hidden && n !== asked) ask(n);
  };
  const reset = () => {
    asked = null;
    verdict.textContent = "";
  };
  // In the field, up and down and Escape go back to the view, whose keys then move it.
  field.addEventListener("keydown", (event) => {
    if (!["ArrowUp", "ArrowDown", "Escape"].includes(event.key)) return;
    event.preventDefault();
    parts.root.focus({ preventScroll: true });
  });

  // A number typed anywhere in the view is an answer.
  const key = (event) => {
    if (box.hidden || !/^[0-9.\-]$/.test(event.key)) return false;
    field.focus();
    field.value += event.key;
    return true;
  };
  return { update, reset, key };
}

// The name of the first of the mistakes [{name, y}, …] that makes this value at that place; null if none does.
export function mistakeOf(wrong, value, place) {
  return wrong.find(({ y }) => close(value, unpack(y).at(...place)))?.name ?? null;
}

// An answer is right if it is what a cell shows of the truth, or the truth rounded to the decimals that were typed.
function isAnswer(typed, value, truth) {
  const decimals = (typed.split(/[.,]/)[1] ?? "").length;
  const digits = typed.replace(/\D/g, "").replace(/^0+/, "").length;
  const rounded =
    decimals > 0 && digits > 1 && Math.abs(value - truth) <= 0.5 * 10 ** -decimals + 1e-9;
  return close(value, truth) || rounded || value === Number(number(truth).replace("−", "-"));
}

// Rounded to what one types: a thousandth, or a thousandth of the value.
const close = (a, b) => Math.abs(a - b) <= 1e-3 * Math.max(1, Math.abs(b));
