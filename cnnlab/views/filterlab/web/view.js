// The FilterLab's view: its scan, its pointer and keys, and what it does when a trait changes.

import { setTrait } from "../../shared/web/controls.js";
import { html } from "../../shared/web/dom.js";
import { playBar, Player } from "../../shared/web/player.js";
import {
  hasKernel,
  keyboard,
  showProblem,
  speak,
  viewFrame,
  waiting,
} from "../../shared/web/frame.js";
import { LabDrawing } from "./drawing.js";
import { labControls } from "./controls.js";
import { labLight, labLinks, labSides, labSpot, labTarget, labUnder } from "./touch.js";
import { labCode, labSentence, labWords } from "./words.js";
import { watchTheme } from "../../shared/web/colour.js";
import { attachPointer, cellAfter } from "../../shared/web/pointer.js";
import { PatientSender } from "./sender.js";

const SCAN_SECONDS = 8; // for the whole image at speed 1
const LAB_INCREMENT = 0.1;
const STEPS_SENT = 250; // milliseconds between two steps that Python is sent while the window scans

// The first press of play begins at the top of the image, and while it plays the pixels after the window are hidden.
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

export class LabView {
  constructor(model, el) {
    this.model = model;
    this.parts = viewFrame(el, model, "filterlab");
    this.say = this.parts.say;
    this.drawing = new LabDrawing(this.parts, model);
    this.hovered = null; // the pixel under the pointer
    this.painted = null; // the tick painted last
    this.described = ""; // the pixel that the words are about
    this.sentAt = 0; // when a step was last sent to Python
    this.held = []; // the image and the scene that are drawn
    this.selected = null; // the cell in which one types
    this.player = this.scan();
    const { bar, update } = playBar(this.parts.controls, model, this.player, this.say);
    this.updateBar = update;
    labControls(this.parts, model, bar, this.say);
    this.code = html("code", { class: "code" }, this.parts.lines);
    this.pointer = attachPointer(model, this.parts, this.hooks());
    this.listen();
    this.keys();
    waiting(this.parts.root, model, ["stride"], this.parts.later);
    this.takeScene();
    if (model.get("playing")) this.player.start();
  }

  scan() {
    const { model, drawing } = this;
    return new Scan(model, {
      ticks: () => Math.max(1, drawing.scene?.outputs ?? 1),
      ticksPerSecond: () => drawing.scene.outputs / SCAN_SECONDS,
      changed: (n) => {
        const soon = performance.now() - this.sentAt < STEPS_SENT;
        if (!(model.get("playing") && soon)) this.sendStep(n);
      },
      paint: () => this.paint(),
    });
  }

  sendStep(n) {
    this.sentAt = performance.now();
    if (n !== this.model.get("step")) setTrait(this.model, "step", n);
  }

  paint() {
    const { player, drawing, model } = this;
    this.updateBar();
    if (player.tick !== this.painted) this.hovered = null; // the clock or a key moved on
    this.painted = player.tick;
    if (player.tick >= player.last) player.scanning = false;
    const n = this.hovered ?? player.tick;
    drawing.paint({ n, upto: player.covering && model.get("playing") ? player.tick : null });
    this.describe(n);
  }

  describe(n) {
    const { drawing, parts, model, say } = this;
    if (!drawing.scene.outputs) {
      this.code.textContent = this.described = "";
      speak(parts, model, drawing.scene.problem.sentence);
      return;
    }
    if (this.described === `${n}`) return;
    this.described = `${n}`;
    this.code.textContent = labCode(drawing, n, say);
    speak(parts, model, labSentence(drawing, n, say));
  }

  // What the caption says while the pointer is on nothing.
  resting() {
    const { drawing, parts, say } = this;
    const words = this.selected && labWords(drawing, this.selected);
    const hint = hasKernel(parts) ? "filterlab.hint" : "filterlab.hint_exported";
    return words || drawing.scene.note || say(hint);
  }

  hooks() {
    const { model, parts, drawing } = this;
    const sender = new PatientSender(model, parts.later);
    return {
      send: (message) => sender.send(message),
      under: (x, y) => labUnder(drawing, x, y),
      links: (cell) => labLinks(drawing, cell),
      spot: (cell) => labSpot((this.selected = cell)),
      light: (kind, links) => {
        if (kind === "selected" && !links) this.selected = null;
        labLight(drawing, kind, links);
      },
      words: (cell) => labWords(drawing, cell),
      target: (cell) => labTarget(drawing, cell),
      after: (cell) => (cell.kind === "weight" ? cellAfter(cell, labSides(drawing.scene)) : null),
      increment: () => LAB_INCREMENT,
      caption: (sentence) => (parts.caption.textContent = sentence || this.resting()),
      chosen: (cell) => cell.kind === "output" && this.player.go(cell.n),
      show: (cell) => {
        this.hovered = cell?.kind === "output" ? cell.n : null;
        this.paint();
      },
    };
  }

  // Image and scene come in one message, and in any order: whichever is heard of first, both are taken.
  takeScene() {
    const { model, drawing, parts, player } = this;
    const news = [model.get("picture"), model.get("scene")];
    if (news.every((value, n) => value === this.held[n])) return;
    if (news[0] !== this.held[0]) drawing.takeImage(news[0]);
    this.held = news;
    this.hovered = null;
    this.described = "";
    player.covering = false; // what has changed must be seen
    const isNew = drawing.take({ ...news[1] });
    this.showProblem(drawing.scene.problem);
    player.show(Math.min(model.get("playing") ? player.tick : model.get("step"), player.last));
    if (isNew) this.pointer.release();
    else this.pointer.refresh();
    parts.caption.textContent = this.resting();
  }

  showProblem(problem) {
    const { parts, model } = this;
    showProblem(parts, model, problem);
    parts.problem.classList.toggle("mild", Boolean(problem?.mild));
    for (const repair of parts.problem.querySelectorAll("button"))
      repair.classList.add("needs-kernel");
  }

  recolour() {
    this.drawing.inputPainted = false;
    this.drawing.recolour();
    this.described = "";
    this.paint();
  }

  listen() {
    const { model, parts } = this;
    const on = (trait, listener) => {
      model.on(`change:${trait}`, listener);
      parts.later(() => model.off(`change:${trait}`, listener));
    };
    on("picture", () => this.takeScene());
    on("scene", () => this.takeScene());
    on("shown", () => this.recolour());
    on("step", () => this.follow());
    on("playing", () => {
      if (!model.get("playing")) this.sendStep(this.player.tick);
      this.paint();
    });
    on("preset", () => this.showFromAlbum());
    parts.later(
      watchTheme((dark) => {
        parts.darken(dark);
        this.recolour();
      }),
    );
  }

  // Another view, or Python, has chosen a pixel.
  follow() {
    const { model, player } = this;
    const step = model.get("step");
    if (!model.get("playing") && step !== player.tick) player.show(step);
  }

  // Without a kernel the results of the presets travel with the page.
  showFromAlbum() {
    const { model, parts } = this;
    const page = !hasKernel(parts) && model.get("album")[model.get("preset")];
    if (!page) return;
    model.set("shown", page.shown);
    model.set("scene", page);
  }

  keys() {
    const { player, drawing, pointer } = this;
    const move = (rows, columns) =>
      player.go(player.tick + rows * drawing.scene.y.shape[1] + columns);
    keyboard(
      this.parts.root,
      {
        " ": () => player.toggle(),
        ArrowRight: () => move(0, 1),
        ArrowLeft: () => move(0, -1),
        ArrowDown: () => move(1, 0),
        ArrowUp: () => move(-1, 0),
        Home: () => player.go(0),
        End: () => player.go(player.last),
        Escape: () => {
          player.scanning = false;
          pointer.release();
        },
      },
      (event) => pointer.key(event),
    );
  }

  close() {
    this.player.close();
    this.parts.close();
  }
}
