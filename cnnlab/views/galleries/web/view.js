// What both galleries do: point at a tile, choose it, turn pages, walk with keys, follow the traits.

import { watchTheme } from "../../shared/web/colour.js";
import { requestTrait } from "../../shared/web/controls.js";
import { clamp } from "../../shared/web/dom.js";
import { hasKernel, keyboard, pointIn, speak } from "../../shared/web/frame.js";
import { GalleryControls } from "./controls.js";

export class GalleryView {
  // hint: the key of what is said while the pointer is on nothing.
  constructor(parts, model, picture, hint) {
    this.parts = parts;
    this.model = model;
    this.picture = picture;
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
    const { parts, model, picture } = this;
    if (!hasKernel(parts)) return;
    requestTrait(model, "page", clamp(model.get("page") + by, 0, picture.scene.pages - 1));
  }

  // Light what is pointed at, and say it; returns the words.
  point(at) {
    const { picture } = this;
    picture.cursor = at?.n ?? -1;
    picture.outline();
    const words = picture.hover(at);
    this.caption(words);
    return words;
  }

  hover(x, y) {
    const { picture, parts } = this;
    this.pointer = [x, y];
    const patch = picture.patches.find(x, y);
    if (patch < 0) {
      this.point(picture.empty ? null : picture.find(x, y));
      return;
    }
    this.point(null);
    this.caption(picture.patches.words(patch, picture.scene.flat));
    const { images, seen } = picture.detail;
    parts.drawing.dataset.lit = JSON.stringify({ patch, image: images[patch], seen: seen[patch] });
  }

  listenToPointer() {
    const { drawing, root, later } = this.parts;
    const on = (event, listener) => {
      drawing.addEventListener(event, listener);
      later(() => drawing.removeEventListener(event, listener));
    };
    on("pointermove", (event) => this.hover(...pointIn(drawing, event)));
    on("pointerleave", () => {
      this.pointer = null;
      this.point(null);
    });
    on("click", (event) => {
      root.focus({ preventScroll: true });
      const at = this.picture.tiles.find(...pointIn(drawing, event));
      if (at) this.choose(at.unit);
    });
  }

  // Walk from the tile pointed at, or else from the chosen one.
  step(by) {
    const { picture, parts, model } = this;
    if (picture.empty) return;
    const { units } = picture.scene;
    const chosen = Math.max(0, units.indexOf(model.get("unit")));
    const from = picture.cursor >= 0 ? picture.cursor : chosen;
    const n = clamp(from + by, 0, picture.tiles.count - 1);
    speak(parts, model, this.point({ n, unit: units[n] }));
  }

  keys() {
    const { picture } = this;
    const across = () => picture.scene.plan?.across ?? 1;
    return {
      ArrowRight: () => this.step(1),
      ArrowLeft: () => this.step(-1),
      ArrowDown: () => this.step(across()),
      ArrowUp: () => this.step(-across()),
      Home: () => this.step(-Infinity),
      End: () => this.step(Infinity),
      PageUp: () => this.turn(-1),
      PageDown: () => this.turn(1),
      Enter: () => picture.cursor >= 0 && this.choose(picture.scene.units[picture.cursor]),
      Escape: () => this.point(null),
    };
  }

  takeScene() {
    const { picture, model } = this;
    picture.takeScene(model.get("scene"));
    this.controls.update(picture.scene);
    this.sceneTaken();
    const { units } = picture.scene;
    const same = this.shownUnits === units.join();
    this.shownUnits = units.join();
    if (this.pointer)
      this.hover(...this.pointer); // another image under the same pointer
    else
      this.point(
        same && picture.cursor >= 0 ? { n: picture.cursor, unit: units[picture.cursor] } : null,
      );
  }

  // A subclass does what is its own with a new scene.
  sceneTaken() {}

  // Of the chosen unit; an exported page has it in its album.
  takeDetail() {
    const { parts, model, picture } = this;
    const page = !hasKernel(parts) && model.get("album")[model.get("unit")];
    picture.takeDetail(page || model.get("detail"));
  }

  listenToTraits() {
    const { parts, model, picture } = this;
    const on = (trait, listener) => {
      model.on(`change:${trait}`, listener);
      parts.later(() => model.off(`change:${trait}`, listener));
    };
    on("scene", () => this.takeScene());
    on("detail", () => this.takeDetail());
    on("unit", () => !hasKernel(parts) && this.takeDetail());
    on("scope", () => picture.paint());
    on("whole", () => picture.showPatches());
    parts.later(
      watchTheme((dark) => {
        parts.darken(dark);
        picture.paint();
        picture.showPatches();
      }),
    );
  }

  close() {
    this.parts.close();
  }
}
