// The Trainer's view: it shows the state of the run, and answers the pointer and keys.

import { legend, watchTheme } from "../../shared/web/colour.js";
import { requestTrait, sendMessage, setTrait } from "../../shared/web/controls.js";
import { html, setText } from "../../shared/web/dom.js";
import {
  hasKernel,
  keyboard,
  pointIn,
  showProblem,
  speak,
  viewFrame,
} from "../../shared/web/frame.js";
import { nearestCheckpoint } from "./axis.js";
import { TrainerControls } from "./controls.js";
import { Film } from "./film.js";
import { hoverWords } from "./hover.js";
import { PanelButtons } from "./panels.js";
import { TrainerDrawing } from "./drawing.js";
import { trainerSentence, trainerStatus } from "./status.js";
import { thousands } from "./text.js";
import { Switch, Wire, withBuffers } from "./wire.js";

export class TrainerView {
  constructor(model, el) {
    this.model = model;
    this.parts = viewFrame(el, model, "trainer");
    this.say = this.parts.say;
    this.runState = model.get("run_state"); // where the run stands
    this.pointed = null; // what the pointer is on: its place in the drawing, and the element there
    this.drawing = new TrainerDrawing(this.parts, model);
    this.wire = new Wire(model, {
      busyChanged: (busy) => setText(this.busy, busy ? this.say("trainer.busy") : ""),
      alive: () => this.runState.running,
    });
    this.controls = new TrainerControls(this.parts, model, () => this.toggle.press());
    this.toggle = new Switch(model, this.wire, this.controls);
    this.busy = html("div", { class: "busy", role: "status" }, this.parts.controls);
    this.panels = new PanelButtons(this.parts, model, this.drawing);
    this.status = html("div", { class: "status" }, this.parts.lines);
    this.film = new Film(this.parts, model, {
      checkpoints: () => this.runState.checkpoints,
      chosen: (checkpoint) => this.choose(checkpoint),
    });
    this.listen();
    this.listenToPointer();
    this.keys();
    this.begin();
  }

  begin() {
    const { model } = this;
    this.caption();
    this.scales();
    this.take(this.runState);
    if (model.get("playing")) this.film.player.start();
    if (!model.exported) sendMessage(model, { kind: "hello" });
  }

  choose(checkpoint) {
    if (checkpoint !== this.model.get("checkpoint"))
      requestTrait(this.model, "checkpoint", checkpoint);
  }

  take(runState) {
    if (runState.serial < this.runState.serial) return; // two ways lead here, and the slower one may be late
    const { model, parts, say } = this;
    const scene = model.get("scene");
    this.runState = runState;
    this.drawing.take(runState);
    this.film.update(model.get("checkpoint"));
    this.controls.undo.hidden = !runState.undo;
    this.panels.update();
    this.showProblem(runState.problem, scene.note);
    this.toggle.take(runState.running && !runState.stopping);
    trainerStatus(this.status, runState, say, scene);
    speak(parts, model, trainerSentence(runState, say, scene));
    this.caption();
  }

  // What went wrong comes first; else what is odd about the data.
  showProblem(problem, note) {
    const { parts, model } = this;
    showProblem(parts, model, problem ?? (note ? { sentence: note, repairs: [] } : null));
    parts.problem.classList.toggle("mild", !problem);
  }

  // Another checkpoint: an exported page has all in its album.
  takeCheckpoint() {
    const { model, parts } = this;
    const page = !hasKernel(parts) && model.get("album")[model.get("checkpoint")];
    if (page) this.take({ ...this.runState, ...page });
    else if (model.exported) this.take(model.get("run_state"));
    else this.film.update(model.get("checkpoint"));
  }

  receive(content, buffers) {
    const { model, wire, busy, say } = this;
    if (content.kind === "pong") this.toggle.settle(wire.pong(content.n));
    if (content.kind === "roll") model.send({ kind: "hello" });
    if (content.kind === "pulse")
      setText(busy, say("trainer.pulse", { step: thousands(content.step) }));
    if (content.kind !== "run_state") return;
    this.take(withBuffers(content.run_state, buffers));
    wire.stateSeen();
  }

  listen() {
    const { model, parts, drawing } = this;
    const on = (event, listener) => {
      model.on(event, listener);
      parts.later(() => model.off(event, listener));
    };
    on("msg:custom", (content, buffers) => this.receive(content, buffers));
    on("change:run_state", () => this.take(model.get("run_state")));
    on("change:checkpoint", () => this.takeCheckpoint());
    on("change:panel", () => drawing.paint());
    on("change:cell", () => drawing.paint());
    parts.later(
      watchTheme((dark) => {
        parts.darken(dark);
        drawing.paint();
        this.scales();
      }),
    );
  }

  scales() {
    const { parts, say, drawing } = this;
    parts.scales.replaceChildren();
    legend(parts.scales, say("trainer.scale"), 1, "signed", drawing.dark);
  }

  caption() {
    const { parts, say, runState, drawing, pointed } = this;
    const now = runState.running ? "trainer.hint_running" : "trainer.hint";
    const hint = hasKernel(parts) ? now : "trainer.hint_exported";
    setText(parts.caption, (pointed && hoverWords(drawing, ...pointed)) ?? say(hint));
  }

  point(pointed) {
    this.pointed = pointed;
    this.caption();
  }

  listenToPointer() {
    const { svgElement, root } = this.parts;
    svgElement.addEventListener("click", (event) => this.click(event));
    svgElement.addEventListener("pointermove", (event) =>
      this.point([...pointIn(svgElement, event), event.target]),
    );
    svgElement.addEventListener("pointerleave", () => this.point(null));
    for (const kind of ["input", "click", "keydown"])
      root.addEventListener(kind, () => hasKernel(this.parts) && this.wire.touched());
  }

  // A point of a curve leads to its checkpoint, a sample to its maps, a cell of the matrix to its images.
  click(event) {
    const { model, parts, drawing, film } = this;
    const [px, py] = pointIn(parts.svgElement, event);
    parts.root.focus({ preventScroll: true });
    const step = drawing.curves.find(px, py);
    if (step !== null) return film.player.go(nearestCheckpoint(this.runState.checkpoints, step));
    if (!hasKernel(parts)) return;
    const sample = event.target.closest?.(".sample");
    if (sample) return requestTrait(model, "picture", Number(sample.dataset.picture));
    const cell = model.get("panel") === "confusion" && drawing.confusion.find(px, py);
    if (!cell) return;
    setTrait(model, "panel", "pictures");
    requestTrait(model, "cell", cell);
    this.caption();
  }

  keys() {
    const { model, parts, toggle } = this;
    const { player } = this.film;
    const start = () => hasKernel(parts) && toggle.press();
    keyboard(parts.root, {
      " ": () => player.toggle(),
      s: start,
      S: start,
      ".": () => hasKernel(parts) && sendMessage(model, { kind: "advance" }),
      ArrowRight: () => player.go(player.tick + 1),
      ArrowLeft: () => player.go(player.tick - 1),
      Home: () => player.go(0),
      End: () => player.go(player.last),
      Escape: () => model.get("cell").length && requestTrait(model, "cell", []),
    });
  }

  close() {
    this.film.player.close();
    this.wire.close();
    this.toggle.close();
    this.parts.close();
  }
}
