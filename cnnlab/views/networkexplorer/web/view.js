// The explorer's view: it shows all layers or one unit decomposed, and goes from one to the other.

import { html, number } from "../../shared/web/dom.js";
import { ExplorerControls } from "./controls.js";
import { requestTrait, setTrait } from "../../shared/web/controls.js";
import { hasKernel, showProblem, speak } from "../../shared/web/frame.js";
import { tellUnit } from "./words.js";

export class ExplorerView {
  constructor(drawing, model) {
    this.drawing = drawing;
    this.model = model;
    this.parts = drawing.parts;
    this.say = drawing.say;
    this.cursor = null; // the unit that was pointed at last
    this.hovering = false;
    this.lit = null; // what is lit, as a key
    this.begun = null; // the unit that was chosen, and the place that was clicked
    this.answer = html("b", { class: "answer" }, this.parts.lines);
    this.formula = html("span", { class: "formula" }, this.parts.lines);
    this.controls = new ExplorerControls(drawing, {
      fold: () => this.fold(),
      pan: (x) => {
        drawing.panTo(x);
        this.point(null);
        this.update();
      },
      back: () => this.choose([]),
      page: (by) => this.turn(by),
    });
  }

  get decomposed() {
    return Boolean(this.drawing.decomposition.u);
  }

  // Was a place clicked, so that it stays while one looks at the rows?
  get kept() {
    return this.decomposed && this.model.get("place").length > 0;
  }

  // The place that is shown: the one kept, or where the unit was opened.
  get place() {
    const place = this.model.get("place");
    return place.length ? place : this.drawing.decomposition.u.start;
  }

  update() {
    const { scene, layout, folded, shift, hidden } = this.drawing;
    this.controls.update({
      folded,
      foldable: scene.nodes.some((node) => node.folds),
      panned: layout.panned,
      hidden,
      shift,
      decomposed: this.decomposed,
      paged: scene.nodes.some((node) => !node.flat && node.units.length < node.shape.at(-1)),
    });
    this.parts.root.classList.toggle("decomposed", this.decomposed);
  }

  fold() {
    this.drawing.folded = !this.drawing.folded;
    this.drawing.take(this.model.get("scene"));
    this.point(null);
    this.update();
  }

  // The next maps of all layers that have more than there is room for.
  turn(by) {
    const pages = { ...this.model.get("pages") };
    for (const node of this.drawing.scene.nodes) {
      if (node.flat || node.units.length >= node.shape[2]) continue;
      const count = Math.ceil(node.shape[2] / node.most);
      pages[node.name] = ((pages[node.name] ?? 0) + by + count) % count;
    }
    requestTrait(this.model, "pages", pages);
  }

  // Decompose a unit [layer, channel], or nothing; without a place, where it is largest.
  choose(unit, place = null) {
    const { model, parts } = this;
    const known = !unit.length || hasKernel(parts) || model.get("album")[unit.join("/")];
    this.begun = { unit: unit.join("/"), place };
    if (known && !hasKernel(parts)) setTrait(model, "place", []);
    if (known) requestTrait(model, "unit", unit);
    else parts.caption.textContent = this.say("networkexplorer.no_kernel");
  }

  // A folded column opens where its maps are computed, at the place that was clicked; a key points at no place.
  open({ n, unit, row, column }, aimed) {
    const { scene, layout } = this.drawing;
    const { flat, shape, values } = scene.nodes[n];
    const place = [row, column].map((at, axis) =>
      Math.floor(((at + 0.5) * shape[axis]) / values.shape[axis + 1]),
    );
    this.choose([scene.nodes[layout.head[n] ?? n].name, unit], aimed && !flat ? place : null);
  }

  // Light what the unit at the pointer reads, and say it; returns the words.
  point(at) {
    const { drawing, parts } = this;
    const { scene, edges, scores } = drawing;
    this.cursor = at ?? this.cursor;
    this.hovering = Boolean(at);
    scores.light(at?.score ?? -1);
    this.formula.textContent = at?.score === undefined ? "" : scores.words(scene, at.score);
    this.answer.textContent = at?.score === undefined ? scene.sentence : "";
    const key = at && `${at.n},${at.position}`;
    if (key !== this.lit) this.light(at);
    this.lit = key;
    if (!at) edges.hide();
    const words = at ? tellUnit(drawing, at) : this.hint();
    parts.caption.textContent = words;
    return words;
  }

  light(at) {
    const {
      drawing: { scene, edges },
      parts,
    } = this;
    if (!at) return void (parts.svgElement.dataset.lit = "");
    edges.show(scene, at, (n, position) => this.drawing.boxOf(n, position));
    const unitOf = ({ n, position }) => [
      scene.nodes[n].name,
      scene.nodes[n].flat ? position : scene.nodes[n].units[position],
    ];
    const reads = edges.sources(scene, at.n, at.position).map(unitOf);
    parts.svgElement.dataset.lit = JSON.stringify({
      layer: scene.nodes[at.n].name,
      unit: at.unit,
      reads,
    });
  }

  hint() {
    if (this.kept) return this.say("networkexplorer.hint_kept");
    return this.say(
      this.decomposed
        ? "networkexplorer.hint_decomposed"
        : this.drawing.pad.on
          ? "networkexplorer.hint_draw"
          : "networkexplorer.hint",
    );
  }

  takeScene() {
    const { drawing, parts, model } = this;
    this.lit = null;
    drawing.take(model.get("scene"));
    const { scene } = drawing;
    const lines = [scene.problem?.sentence, scene.note].filter(Boolean);
    showProblem(parts, model, lines.length ? { sentence: lines.join(" "), repairs: [] } : null);
    parts.problem.classList.toggle("mild", !scene.problem || scene.problem.mild);
    if (this.decomposed) this.decompose();
    this.point(this.hovering && !this.decomposed ? this.cursor : null);
    speak(parts, model, scene.sentence);
    this.update();
  }

  // Python has said how the chosen unit is computed; an exported page has it in its album.
  decompose() {
    const { drawing, model, parts } = this;
    const unit = model.get("unit");
    const packed = model.get("album")[unit.join("/")] ?? model.get("decomposition");
    if (!unit.length || packed.layer !== unit[0] || packed.unit !== unit[1])
      drawing.decomposition.hide();
    else {
      const from = this.decomposed ? null : (n, position) => drawing.boxOf(n, position);
      const start = (this.begun?.unit === unit.join("/") && this.begun.place) || packed.start;
      const place = model.get("place").length ? model.get("place") : start;
      drawing.decomposition.show({ ...packed, start }, drawing.scene, place, from);
      speak(parts, model, this.spoken());
    }
    drawing.scales();
    this.point(null);
    this.update();
  }

  spoken() {
    const {
      u,
      place: [i, j],
    } = this.drawing.decomposition;
    return this.say("networkexplorer.spoken", {
      unit: u.unit,
      layer: u.layer,
      i,
      j,
      total: number(u.result.at(i, j), 4),
    });
  }

  // The unit has changed: Python answers, where there is one.
  follow() {
    if (!this.model.get("unit").length || !hasKernel(this.parts)) this.decompose();
  }

  moved() {
    if (!this.decomposed) return;
    this.drawing.decomposition.paint(this.place);
    this.parts.caption.textContent = this.hint();
    speak(this.parts, this.model, this.spoken());
  }

  repaint() {
    this.drawing.paint();
    if (this.decomposed) this.decompose();
    this.point(null);
  }
}
