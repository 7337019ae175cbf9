// A view whose outputs are played one after another: clock, keys, predict mode and hovering around one picture. The
// view itself says only what is particular to it.

import { hasKernel, keyboard, showProblem, speak, viewFrame, waiting } from "./frame.js";
import { playBar, Player } from "./player.js";
import { setTrait } from "./controls.js";
import { html, number } from "./dom.js";
import { predicting } from "./predict.js";
import { attachPointer } from "./pointer.js";
import { watchTheme } from "./colour.js";

// The ticks of a play bar where an output takes `parts` steps and one more for its total; or one step an output; or, for
// rows of `row` outputs, one step a row. at(tick) = {n, taps, total, upto}: output n with its first taps shown, its
// total if it is complete; outputs before `upto` are known.
export function outputTicks(outputs, grain, parts, row = 1) {
  const whole = (n) => ({ n, taps: parts, total: true, upto: n });
  if (!outputs)
    return { count: 1, at: () => ({ n: 0, taps: 0, total: false, upto: 0 }), tickOf: () => 0 };
  if (grain === "row")
    return {
      count: outputs / row,
      at: (tick) => whole((tick + 1) * row - 1),
      tickOf: (n) => Math.floor(n / row),
    };
  if (grain === "output") return { count: outputs, at: whole, tickOf: (n) => n };
  const each = parts + 1;
  const at = (tick) => {
    const [n, part] = [Math.floor(tick / each), tick % each];
    return part === parts ? whole(n) : { n, taps: part + 1, total: false, upto: n };
  };
  return { count: outputs * each, at, tickOf: (n) => (n + 1) * each - 1 };
}

// make(parts) returns the view: picture {scene, guessed, take(scene), paint(at, share), recolour()}; rates, ticks a second
// for each grain; ticks(); controls(bar); hint(can anything be changed); the words code(n), sentence(n), place(n) of output n;
// hidesTotal(); ask(n), truth(n), mistake(n, value) of the predict mode; and the hooks under, links, spot, light, words,
// target of `touchable`. A cell that stands for one output has its number n. Returns the way to close it all.
export function stepping(model, el, name, make) {
  const parts = viewFrame(el, model, name);
  const view = make(parts);
  const { picture } = view;
  const grains = Object.keys(view.rates);
  const outputs = () => picture.scene.outputs;
  let ticks = null;
  let shown = null;
  let hovered = null;
  let lastWords = "";
  const present = () => hovered ?? shown;

  const player = new Player(model, {
    ticks: () => ticks?.count ?? 1,
    rate: () => view.rates[model.get("granularity")],
    changed: (tick) => {
      const { n } = ticks.at(tick);
      if (n !== model.get("step")) setTrait(model, "step", n);
    },
    paint: (tick, share) => {
      if (ticks.at(tick).n !== shown?.n) hovered = null; // the clock or a key moved on: that is what is shown now
      shown = ticks.at(tick);
      if (!hovered) picture.paint(shown, share);
      tell();
    },
  });
  const { bar, update } = playBar(parts.controls, model, player, parts.say);
  view.controls(bar);
  const code = html("code", { class: "code" }, parts.lines);
  const formula = html("span", { class: "formula" }, parts.lines);
  const now = html("b", { class: "now" }, parts.lines);
  const asking = predicting(model, parts, {
    outputs,
    ask: view.ask,
    truth: view.truth,
    mistake: view.mistake,
    guessed: () => picture.guessed,
    go: (n) => player.go(ticks.tickOf(n)),
    repaint: () => repaint(),
  });

  const tell = () => {
    update();
    asking.update(outputs() ? present().n : 0);
    if (!outputs()) return (code.textContent = "");
    const { n, total } = present();
    const key = `${n},${total},${present().taps},${model.get("playing")},${model.get("predict")}`;
    if (key === lastWords) return;
    lastWords = key;
    const hide = view.hidesTotal() || !total;
    code.textContent = view.code(n) + (hide ? "" : `  →  ${number(view.truth(n))}`);
    now.textContent = (!total && view.part?.(present())) || "";
    speak(parts, model, model.get("predict") || !total ? view.place(n) : view.sentence(n));
  };

  const repaint = () => {
    picture.painted = null;
    lastWords = "";
    picture.paint(present());
    tell();
  };

  // Without a kernel, while outputs are guessed and on the way back, typing and dragging change nothing.
  const changeable = () => hasKernel(parts) && !model.get("predict") && !picture.backward;
  const hint = () => picture.scene.note || view.hint(changeable());
  const touch = attachPointer(model, parts, {
    ...view,
    increment: () => picture.scene.increment,
    caption: (sentence) => (parts.caption.textContent = sentence || hint()),
    chosen: (cell) => "n" in cell && player.go(ticks.tickOf(cell.n)),
    show: (cell) => {
      hovered =
        cell && "n" in cell
          ? { ...ticks.at(ticks.tickOf(cell.n)), n: cell.n, total: true, upto: shown.upto }
          : null;
      picture.paint(present());
      tell();
    },
  });

  const regrain = () => {
    ticks = view.ticks();
    player.show(ticks.tickOf(Math.min(model.get("step"), Math.max(0, outputs() - 1))));
  };
  const takeScene = () => {
    hovered = null;
    picture.take({ ...model.get("scene") });
    asking.reset();
    showProblem(parts, model, picture.scene.problem);
    parts.problem.classList.toggle("mild", Boolean(picture.scene.problem?.mild));
    formula.textContent = [].concat(picture.scene.formula ?? []).join("     ");
    parts.caption.textContent = hint();
    lastWords = "";
    regrain();
    if (!outputs()) speak(parts, model, picture.scene.problem.sentence);
    touch.refresh();
  };
  const follow = () => {
    if (outputs() && shown.n !== model.get("step")) player.show(ticks.tickOf(model.get("step")));
  };

  const on = (trait, listener) => {
    model.on(`change:${trait}`, listener);
    parts.later(() => model.off(`change:${trait}`, listener));
  };
  on("scene", takeScene);
  on("step", follow);
  on("granularity", regrain);
  on("playing", () => ((lastWords = ""), tell()));
  parts.later(
    watchTheme((dark) => {
      parts.darken(dark);
      picture.recolour();
      repaint();
    }),
  );
  keyboard(
    parts.root,
    {
      " ": () => player.toggle(),
      ArrowRight: () => player.go(player.tick + 1),
      ArrowLeft: () => player.go(player.tick - 1),
      Home: () => player.go(0),
      End: () => player.go(player.last),
      Escape: () => touch.release(),
      ...Object.fromEntries(
        grains.map((grain, n) => [String(n + 1), () => setTrait(model, "granularity", grain)]),
      ),
    },
    (event) => asking.key(event) || touch.key(event),
  );
  waiting(parts.root, model, model.get("controls"), parts.later);
  takeScene();
  if (model.get("playing")) player.start();
  return () => {
    player.close();
    parts.close();
  };
}
