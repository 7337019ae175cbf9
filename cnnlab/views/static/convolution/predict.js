// Predict mode: the learner types what an output is, and a wrong answer is told apart by the mistake that makes it.

function predicting(picture, model, parts, hooks) {
  const box = html("form", { class: "predict", hidden: true }, parts.lines);
  const label = html("code", {}, box);
  const field = html("input", { type: "text", inputmode: "decimal", size: 6, autocomplete: "off", ...QUIET }, box);
  const check = html("button", { type: "submit", ...QUIET }, box, parts.say("convolution.answer"));
  const verdict = html("span", { role: "status" }, box);
  let asked = null;

  const ask = (n) => {
    asked = n;
    const words = parts.say("convolution.ask", picture.place(n));
    label.textContent = words;
    set(field, { "aria-label": words });
    field.value = "";
  };

  const mistake = (value) => {
    const { i, j, k } = picture.place(asked);
    const wrong = picture.scene.wrong.find(({ y }) => close(value, unpack(y).at(i, j, k)));
    const key = wrong ? `convolution.wrong_${wrong.name}` : "convolution.wrong";
    return parts.say(key, { answer: number(value), k, S: model.get("stride") });
  };

  box.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = Number(field.value.replace("−", "-").replace(",", "."));
    const { i, j, k } = picture.place(asked);
    const truth = picture.scene.y.at(i, j, k);
    const isNumber = field.value.trim() !== "" && Number.isFinite(value);
    const right = isNumber && close(value, truth);
    verdict.className = right ? "good" : "bad";
    if (!isNumber) verdict.textContent = parts.say("convolution.not_a_number", { answer: field.value });
    else if (!right) verdict.textContent = mistake(value);
    else {
      picture.guessed.set(asked, truth);
      const left = Array.from({ length: picture.scene.outputs }, (_, n) => n).filter((n) => !picture.guessed.has(n));
      const next = left.find((n) => n > asked) ?? left[0];
      verdict.textContent = next === undefined ? parts.say("convolution.all_right") : parts.say("convolution.right", { value: number(truth) });
      if (next !== undefined) hooks.go(next);
    }
    hooks.repaint();
  });

  const update = (n) => {
    box.hidden = !model.get("predict") || !picture.scene.outputs;
    if (!box.hidden && n !== asked) ask(n);
  };
  const reset = () => {
    asked = null;
    verdict.textContent = "";
  };
  return { update, reset };
}

// Rounded to what one types: a thousandth, or a thousandth of the value.
const close = (a, b) => Math.abs(a - b) <= 1e-3 * Math.max(1, Math.abs(b));
