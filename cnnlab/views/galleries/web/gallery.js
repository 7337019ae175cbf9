// What both galleries do: tiles to point at and to choose, the chosen one large with its best patches, pages, keys.

import { clamp, html, set, svg, unpack } from "../../shared/web/dom.js";
import {
  hasKernel,
  keyboard,
  Painting,
  pointIn,
  showProblem,
  speak,
} from "../../shared/web/frame.js";
import { Tiles } from "./tiles.js";
import { Patches } from "./patches.js";
import { legend, watchTheme } from "../../shared/web/colour.js";
import { requestTrait } from "../../shared/web/controls.js";

export class GalleryPicture extends Painting {
  // options: height and width of the drawing; tiles and patches, their boxes; columns of patches.
  constructor(parts, model, { width, height, tiles, patches, columns }) {
    super(parts, model);
    set(parts.drawing, { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "xMidYMin meet" });
    this.body = svg("g", {}, parts.drawing);
    this.heading = svg("text", { x: tiles.x, y: tiles.y - 9, class: "head page-title" }, this.body);
    this.tiles = new Tiles(this.body, tiles, this.say);
    this.large = svg("g", { class: "large" }, this.body);
    this.patches = new Patches(this.body, patches, columns, this.say);
    this.cursor = -1;
    this.numbers = html("b", { class: "numbers" }, parts.lines);
    this.bestWords = html("span", { class: "best-words" }, parts.lines);
  }

  get scope() {
    return this.model.get("scope");
  }

  // What a colour scale ends with, for tile n.
  limitOf(n) {
    const { scene, scope } = this;
    return scope === "unit"
      ? scene.largest.values[n]
      : scope === "network"
        ? scene.network
        : scene.limit;
  }

  // The same for the unit that is shown large.
  limitOfLarge() {
    const { scene, scope, detail } = this;
    return scope === "unit" ? detail.largest : scope === "network" ? scene.network : scene.limit;
  }

  get empty() {
    return !this.scene.units.length;
  }

  takeScene(packed) {
    const { parts } = this;
    this.scene = packed.units.length
      ? {
          ...packed,
          tiles: unpack(packed.tiles),
          largest: unpack(packed.largest),
          ...this.unpacked(packed),
        }
      : packed;
    this.heading.textContent = packed.title ?? "";
    showProblem(parts, this.model, packed.problem);
    parts.problem.classList.toggle("mild", Boolean(packed.problem?.mild));
    if (this.empty) this.tiles.hide();
    else this.tiles.build(this.scene);
    this.cursor = Math.min(this.cursor, packed.units.length - 1);
    this.paint();
    speak(parts, this.model, packed.sentence);
  }

  // A subclass unpacks what is its own.
  unpacked() {
    return {};
  }

  takeDetail(packed) {
    this.detail = packed.unit === undefined ? null : packed;
    if (!this.detail) {
      this.large.replaceChildren();
      this.patches.hide();
      this.numbers.textContent = this.bestWords.textContent = "";
      return;
    }
    this.numbers.textContent = packed.numbers;
    this.bestWords.textContent = packed.words;
    this.showPatches();
    this.paintLarge();
    this.outline();
  }

  showPatches() {
    if (this.detail) this.patches.show(this.detail, this.model.get("whole"));
  }

  outline() {
    this.tiles.outline(
      0,
      this.empty || !this.detail ? -1 : this.scene.units.indexOf(this.detail.unit),
    );
    this.tiles.outline(1, this.cursor);
  }

  paint() {
    if (!this.empty) this.tiles.paint((n) => this.limitOf(n), this.dark);
    if (this.detail && this.scene.layer === this.detail.layer) this.paintLarge();
    this.outline();
    this.scales();
  }

  scales() {
    const { parts, scope, scene, say, dark } = this;
    parts.scales.replaceChildren();
    if (this.empty) return;
    if (scene.coloured)
      html("span", { class: "legend" }, parts.scales, say("gallery.scale_colour"));
    if (scope === "unit")
      html("span", { class: "legend" }, parts.scales, say("gallery.scale_unit"));
    else
      legend(
        parts.scales,
        say(`gallery.scale_${scope}`),
        scope === "network" ? scene.network : scene.limit,
        "signed",
        dark,
      );
  }
}

// Pointer, keys and traits of a gallery. hooks: hover(at) words for a tile, or anything else under a point, and what is
// lit; hint(); keys, more of them. Returns the way to close it.
export function gallery(parts, model, picture, controls, hooks) {
  const { say, drawing, root } = parts;
  const told = (words) => (parts.caption.textContent = words || hooks.hint());

  const choose = (unit) => {
    const known = hasKernel(parts) || model.get("album")[unit];
    if (!known) return told(say("gallery.no_kernel", { unit }));
    requestTrait(model, "unit", unit);
  };
  const detail = () => {
    const page = !hasKernel(parts) && model.get("album")[model.get("unit")];
    picture.takeDetail(page || model.get("detail"));
  };
  const point = (at) => {
    picture.cursor = at?.n ?? -1;
    picture.outline();
    const words = hooks.hover(at);
    told(words);
    return words;
  };
  let pointer = null; // where it is, in the drawing
  const over = (x, y) => {
    pointer = [x, y];
    const patch = picture.patches.find(x, y);
    if (patch < 0) return point(hooks.find(x, y));
    point(null);
    told(picture.patches.words(patch, picture.scene.flat));
    drawing.dataset.lit = JSON.stringify({
      patch,
      image: picture.detail.images[patch],
      seen: picture.detail.seen[patch],
    });
  };
  const page = (by) =>
    hasKernel(parts) &&
    requestTrait(model, "page", clamp(model.get("page") + by, 0, picture.scene.pages - 1));
  controls.page = page;

  const on = (target, event, listener) => {
    const way = target === model ? ["on", "off"] : ["addEventListener", "removeEventListener"];
    target[way[0]](event, listener);
    parts.later(() => target[way[1]](event, listener));
  };
  on(drawing, "pointermove", (event) => over(...pointIn(drawing, event)));
  on(drawing, "pointerleave", () => {
    pointer = null;
    point(null);
  });
  on(drawing, "click", (event) => {
    root.focus({ preventScroll: true });
    const at = picture.tiles.find(...pointIn(drawing, event));
    if (at) choose(at.unit);
    else hooks.click?.(...pointIn(drawing, event));
  });
  const step = (by) => {
    if (picture.empty) return;
    const { count } = picture.tiles;
    const from =
      picture.cursor >= 0
        ? picture.cursor
        : Math.max(0, picture.scene.units.indexOf(model.get("unit")));
    const n = clamp(from + by, 0, count - 1);
    speak(parts, model, point({ n, unit: picture.scene.units[n] }));
  };
  const across = () => picture.scene.plan?.across ?? 1;
  keyboard(root, {
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    ArrowDown: () => step(across()),
    ArrowUp: () => step(-across()),
    Home: () => step(-Infinity),
    End: () => step(Infinity),
    PageUp: () => page(-1),
    PageDown: () => page(1),
    Enter: () => picture.cursor >= 0 && choose(picture.scene.units[picture.cursor]),
    Escape: () => (hooks.escape?.(), point(null)),
    ...hooks.keys,
  });
  let kept = "";
  const atCursor = () =>
    picture.cursor >= 0 ? { n: picture.cursor, unit: picture.scene.units[picture.cursor] } : null;
  const scene = () => {
    picture.takeScene(model.get("scene"));
    controls.update(picture.scene);
    hooks.scene?.();
    if (pointer)
      over(...pointer); // another picture under the same pointer
    else point(kept === picture.scene.units.join() ? atCursor() : null);
    kept = picture.scene.units.join();
  };
  on(model, "change:scene", scene);
  on(model, "change:detail", detail);
  on(model, "change:unit", () => !hasKernel(parts) && detail());
  on(model, "change:scope", () => picture.paint());
  on(model, "change:whole", () => picture.showPatches());
  parts.later(
    watchTheme((dark) => {
      parts.darken(dark);
      picture.paint();
      picture.showPatches();
    }),
  );
  scene();
  detail();
  return () => parts.close();
}
