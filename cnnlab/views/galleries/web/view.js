// What both galleries do: point at a tile, choose it, turn pages, walk with keys, follow the traits.

import { watchTheme } from "../../shared/web/colour.js";
import { requestTrait } from "../../shared/web/controls.js";
import { clamp } from "../../shared/web/dom.js";
import { hasKernel, keyboard, pointIn, speak } from "../../shared/web/frame.js";
import { GalleryControls } from "./controls.js";

export class GalleryView {
  // hint: the key of what is said while the pointer is on nothing.
  constructor(parts, model, drawing, hint) {
    this.parts = parts;
    this.model = model;
    this.drawing = drawing;
    this.hint = hint;
    this.pointer = null; // where it is, in the drawing
    this.shownUnits = ""; // of the page that is drawn
    this.controls = null;
  }

  start() {
    const { parts, model } = this;
    parts.root.classList.add("gallery");
    this.controls = new GalleryControls(parts, model, (by) => this.turn(by));
    this.listenToPointer();
    keyboard(parts.root, this.keys());
    this.listenToTraits();
    this.takeScene();
    this.takeDetail();
  }

  caption(words) {
    this.parts.caption.textContent = words || this.parts.say(this.hint);
  }

  choose(unit) {
    const { parts, model } = this;
    const known = hasKernel(parts) || model.get("album")[unit];
    if (known) requestTrait(model, "unit", unit);
    else this.caption(parts.say("gallery.no_kernel", { unit }));
  }

  turn(by) {
    const { parts, model, drawing } = this;
    if (!hasKernel(parts)) return;
    requestTrait(model, "page", clamp(model.get("page") + by, 0, drawing.scene.pages - 1));
  }

  // Light what is pointed at, and say it; returns the words.
  point(at) {
    const { drawing } = this;
    drawing.cursor = at?.n ?? -1;
    drawing.outline();
    const words = drawing.hover(at);
    this.caption(words);
    return words;
  }

  hover(x, y) {
    const { drawing, parts } = this;
    this.pointer = [x, y];
    const patch = drawing.patches.find(x, y);
    if (patch < 0) {
      this.point(drawing.empty ? null : drawing.find(x, y));
      return;
    }
    this.point(null);
    this.caption(drawing.patches.words(patch, drawing.scene.flat));
    const { images, seen } = drawing.detail;
    parts.svgElement.dataset.lit = JSON.stringify({
      patch,
      image: images[patch],
      seen: seen[patch],
    });
  }

  listenToPointer() {
    const { svgElement, root, later } = this.parts;
    const on = (event, listener) => {
      svgElement.addEventListener(event, listener);
      later(() => svgElement.removeEventListener(event, listener));
    };
    on("pointermove", (event) => this.hover(...pointIn(svgElement, event)));
    on("pointerleave", () => {
      this.pointer = null;
      this.point(null);
    });
    on("click", (event) => {
      root.focus({ preventScroll: true });
      const at = this.drawing.tiles.find(...pointIn(svgElement, event));
      if (at) this.choose(at.unit);
    });
  }

  // Walk from the tile pointed at, or else from the chosen one.
  step(by) {
    const { drawing, parts, model } = this;
    if (drawing.empty) return;
    const { units } = drawing.scene;
    const chosen = Math.max(0, units.indexOf(model.get("unit")));
    const from = drawing.cursor >= 0 ? drawing.cursor : chosen;
    const n = clamp(from + by, 0, drawing.tiles.count - 1);
    speak(parts, model, this.point({ n, unit: units[n] }));
  }

  keys() {
    const { drawing } = this;
    const across = () => drawing.scene.plan?.across ?? 1;
    return {
      ArrowRight: () => this.step(1),
      ArrowLeft: () => this.step(-1),
      ArrowDown: () => this.step(across()),
      ArrowUp: () => this.step(-across()),
      Home: () => this.step(-Infinity),
      End: () => this.step(Infinity),
      PageUp: () => this.turn(-1),
      PageDown: () => this.turn(1),
      Enter: () => drawing.cursor >= 0 && this.choose(drawing.scene.units[drawing.cursor]),
      Escape: () => this.point(null),
    };
  }

  takeScene() {
    const { drawing, model } = this;
    drawing.takeScene(model.get("scene"));
    this.controls.update(drawing.scene);
    this.sceneTaken();
    const { units } = drawing.scene;
    const same = this.shownUnits === units.join();
    this.shownUnits = units.join();
    if (this.pointer)
      this.hover(...this.pointer); // another image under the same pointer
    else
      this.point(
        same && drawing.cursor >= 0 ? { n: drawing.cursor, unit: units[drawing.cursor] } : null,
      );
  }

  // A subclass does what is its own with a new scene.
  sceneTaken() {}

  // Of the chosen unit; an exported page has it in its album.
  takeDetail() {
    const { parts, model, drawing } = this;
    const page = !hasKernel(parts) && model.get("album")[model.get("unit")];
    drawing.takeDetail(page || model.get("detail"));
  }

  listenToTraits() {
    const { parts, model, drawing } = this;
    const on = (trait, listener) => {
      model.on(`change:${trait}`, listener);
      parts.later(() => model.off(`change:${trait}`, listener));
    };
    on("scene", () => this.takeScene());
    on("detail", () => this.takeDetail());
    on("unit", () => !hasKernel(parts) && this.takeDetail());
    on("scope", () => drawing.paint());
    on("whole", () => drawing.showPatches());
    parts.later(
      watchTheme((dark) => {
        parts.darken(dark);
        drawing.paint();
        drawing.showPatches();
      }),
    );
  }

  close() {
    this.parts.close();
  }
}
