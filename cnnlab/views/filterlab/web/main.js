// The FilterLab: drag a weight, and the picture answers. Between two answers of Python only the newest value waits.

import { sendMessage, setTrait } from "../../shared/web/controls.js";
import { html, number, unpack } from "../../shared/web/dom.js";
import { playBar, Player } from "../../shared/web/player.js";
import {
  hasKernel,
  keyboard,
  showProblem,
  speak,
  viewFrame,
  waiting,
} from "../../shared/web/frame.js";
import { LabPicture } from "./paint.js";
import { labControls } from "./controls.js";
import { labLight, labLinks, labSides, labSpot, labTarget, labUnder, labWords } from "./touch.js";
import { watchTheme } from "../../shared/web/colour.js";
import { attachPointer, cellAfter } from "../../shared/web/pointer.js";
import { labPlace, labTotals } from "./explain.js";

const SCAN_SECONDS = 8; // for the whole picture at speed 1
const ANSWER_WITHIN = 600; // milliseconds; after that the next value is sent all the same
const LAB_INCREMENT = 0.1;
const STEPS_TOLD = 250; // milliseconds between two steps that Python is told of while the window scans

// Sends messages to Python, each after the answer to the one before; of those about one weight, the last alone is sent,
// and none that would change nothing.
function patient(model, later) {
  const waiting = new Map();
  let timer = null;
  const next = () => {
    clearTimeout(timer);
    timer = null;
    for (const [about, message] of waiting) {
      waiting.delete(about);
      send(message);
      if (timer !== null) return;
    }
  };
  const isThere = ({ array, place, value }) =>
    unpack(model.get("scene")[array]).at(...place) === value;
  const send = (message) => {
    if (timer !== null) return waiting.set(`${message.array} ${message.place}`, message);
    if (isThere(message)) return null;
    timer = setTimeout(next, ANSWER_WITHIN);
    sendMessage(model, message);
  };
  model.on("change:scene", next);
  later(() => {
    clearTimeout(timer);
    model.off("change:scene", next);
  });
  return send;
}

// The first press of play begins at the top of the picture, and while it plays the pixels after the window are hidden.
class Scan extends Player {
  toggle() {
    if (!this.model.get("playing") && !this.scanning) this.show(0);
    super.toggle();
  }

  start() {
    this.scanning = this.covering = true;
    super.start();
  }
}

function render({ model, el }) {
  const parts = viewFrame(el, model, "filterlab");
  const { say } = parts;
  const picture = new LabPicture(parts, model);
  let hovered = null;
  let before = null;
  let told = "";
  let toldStep = 0;
  let held = [];
  let selected = null;
  const tellStep = (n) => {
    toldStep = performance.now();
    if (n !== model.get("step")) setTrait(model, "step", n);
  };

  const player = new Scan(model, {
    ticks: () => Math.max(1, picture.scene?.outputs ?? 1),
    rate: () => picture.scene.outputs / SCAN_SECONDS,
    changed: (n) => {
      if (model.get("playing") && performance.now() - toldStep < STEPS_TOLD) return;
      tellStep(n);
    },
    paint: () => paint(),
  });
  const { bar, update } = playBar(parts.controls, model, player, say);
  labControls(parts, model, bar, say);
  const code = html("code", { class: "code" }, parts.lines);

  const paint = () => {
    update();
    if (player.tick !== before) hovered = null; // the clock or a key moved on
    before = player.tick;
    if (player.tick >= player.last) player.scanning = false;
    const n = hovered ?? player.tick;
    picture.paint({ n, upto: player.covering && model.get("playing") ? player.tick : null });
    tell(n);
  };

  const tell = (n) => {
    if (!picture.scene.outputs) {
      code.textContent = told = "";
      return speak(parts, model, picture.scene.problem.sentence);
    }
    if (told === `${n}`) return;
    told = `${n}`;
    code.textContent = labCode(picture, n, say);
    speak(parts, model, labSentence(picture, n, say));
  };

  const words = () => selected && labWords(picture, selected);
  const hint = () =>
    picture.scene.note || say(hasKernel(parts) ? "filterlab.hint" : "filterlab.hint_exported");
  const touch = attachPointer(model, parts, {
    send: patient(model, parts.later),
    under: (x, y) => labUnder(picture, x, y),
    links: (cell) => labLinks(picture, cell),
    spot: (cell) => labSpot((selected = cell)),
    light: (kind, links) => {
      if (kind === "selected" && !links) selected = null;
      labLight(picture, kind, links);
    },
    words: (cell) => labWords(picture, cell),
    target: (cell) => labTarget(picture, cell),
    after: (cell) => (cell.kind === "weight" ? cellAfter(cell, labSides(picture.scene)) : null),
    increment: () => LAB_INCREMENT,
    caption: (sentence) => (parts.caption.textContent = sentence || words() || hint()),
    chosen: (cell) => cell.kind === "output" && player.go(cell.n),
    show: (cell) => {
      hovered = cell?.kind === "output" ? cell.n : null;
      paint();
    },
  });

  // Picture and scene come in one message, and in any order: whichever is heard of first, both are taken.
  const takeScene = () => {
    const news = [model.get("picture"), model.get("scene")];
    if (news.every((one, n) => one === held[n])) return;
    if (news[0] !== held[0]) picture.takePicture(news[0]);
    held = news;
    hovered = null;
    told = "";
    player.covering = false; // what has changed must be seen
    const isNew = picture.take({ ...news[1] });
    showProblem(parts, model, picture.scene.problem);
    parts.problem.classList.toggle("mild", Boolean(picture.scene.problem?.mild));
    for (const made of parts.problem.querySelectorAll("button")) made.classList.add("needs-kernel");
    player.show(Math.min(model.get("playing") ? player.tick : model.get("step"), player.last));
    if (isNew) touch.release();
    else touch.refresh();
    parts.caption.textContent = words() || hint();
  };
  const recolour = () => {
    picture.inputPainted = false;
    picture.recolour();
    told = "";
    paint();
  };

  const on = (trait, listener) => {
    model.on(`change:${trait}`, listener);
    parts.later(() => model.off(`change:${trait}`, listener));
  };
  on("picture", takeScene);
  on("scene", takeScene);
  on("shown", recolour);
  on(
    "step",
    () =>
      !model.get("playing") && model.get("step") !== player.tick && player.show(model.get("step")),
  );
  on("playing", () => {
    if (!model.get("playing")) tellStep(player.tick);
    paint();
  });
  // Without a kernel the results of the presets travel with the page.
  on("preset", () => {
    const page = !hasKernel(parts) && model.get("album")[model.get("preset")];
    if (!page) return;
    model.set("shown", page.shown);
    model.set("scene", page);
  });
  parts.later(
    watchTheme((dark) => {
      parts.darken(dark);
      recolour();
    }),
  );
  const moved = (rows, columns) =>
    player.go(player.tick + rows * picture.scene.y.shape[1] + columns);
  keyboard(
    parts.root,
    {
      " ": () => player.toggle(),
      ArrowRight: () => moved(0, 1),
      ArrowLeft: () => moved(0, -1),
      ArrowDown: () => moved(1, 0),
      ArrowUp: () => moved(-1, 0),
      Home: () => player.go(0),
      End: () => player.go(player.last),
      Escape: () => ((player.scanning = false), touch.release()),
    },
    (event) => touch.key(event),
  );
  waiting(parts.root, model, ["stride"], parts.later);
  takeScene();
  if (model.get("playing")) player.start();
  return () => {
    player.close();
    parts.close();
  };
}

function labCode({ scene }, n, say) {
  const { i, j } = labPlace(scene, n);
  const F = scene.w.shape[1];
  // Rows and columns of the padded picture, as NumPy slices it.
  const [row, column] = [scene.rows[i] - scene.rows[0], scene.columns[j] - scene.columns[0]];
  const channels = scene.mode === "each" ? "0:1" : ":";
  const line = { i, j, k: 0, row, row_end: row + F, column, column_end: column + F, channels };
  const [[top, bottom], [left, right]] = scene.pads;
  if (!(top + bottom + left + right)) return say("filterlab.code", line);
  return say("filterlab.code_padded", { ...line, top, bottom, left, right });
}

function labSentence(picture, n, say) {
  const [, F, , C] = picture.scene.w.shape;
  const total = labTotals(picture, n)
    .map((value) => number(value))
    .join(", ");
  return say("filterlab.sentence", { ...labPlace(picture.scene, n), products: F * F * C, total });
}

export default { render };
