// The painting of the Strip1D view: built once for a geometry, after that only attributes change.

import { colourOf, css, hueOf, inkOn, legend } from "../../shared/web/colour.js";
import { inBrackets, number, set, svg, unpack, widthOf } from "../../shared/web/dom.js";
import { wordLines, writeLines } from "../../shared/web/lines.js";
import { Marks, Slice } from "../../shared/web/slice.js";
import { Painting } from "../../shared/web/frame.js";
import { STRIP, stripLayout } from "./layout.js";

const LEDGER_FONT = 25;
const LEADING = 1.75; // room for the stripes

export class StripPicture extends Painting {
  take(scene) {
    for (const name of ["x", "w", "b", "y", "products", "sofar"])
      if (scene[name]) scene[name] = unpack(scene[name]);
    this.scene = scene;
    this.guessed = new Map();
    const key = JSON.stringify([
      scene.x.shape,
      scene.w.shape,
      scene.pad,
      scene.windows,
      scene.overhang,
      scene.refused,
      scene.past,
    ]);
    if (key !== this.key) this.build();
    this.key = key;
    this.recolour();
  }

  build() {
    this.body?.remove();
    const { scene, say } = this;
    const layout = (this.layout = stripLayout(scene));
    set(this.drawing, {
      viewBox: `-3 0 ${STRIP.wide + 6} ${layout.height + 4}`,
      preserveAspectRatio: "xMinYMin meet",
    });
    this.body = svg("g", {}, this.drawing);
    this.wires = (scene.windows ?? []).map((window) => this.wiresOf(window, "wire"));
    const name = scene.pad ? "strip1d.input_title_padded" : "strip1d.input_title";
    const [W, P] = [scene.x.shape[0], scene.pad];
    this.text(0, layout.rowBottom - 3, "slice-title", say(name, { W, P }));
    this.text(
      0,
      STRIP.title - 6,
      "slice-title",
      say(scene.outputs ? "strip1d.outputs" : "strip1d.no_outputs", { n: scene.outputs }),
    );
    this.row = new Slice(this.body, {
      x: 0,
      y: layout.rowTop,
      rows: 1,
      columns: W,
      cell: layout.cell,
      pads: [
        [0, 0],
        [P, P],
      ],
    });
    this.outputs = (scene.windows ?? []).map((window) => this.outputOf(window));
    this.buildPlaces();
    this.buildMisfit();
    this.buildPanel();
    if (scene.outputs) this.buildWindow();
    this.marks = Object.fromEntries(
      ["lit", "active", "pair", "pinned", "selected"].map((kind) => [
        kind,
        new Marks(this.body, kind),
      ]),
    );
  }

  text(x, y, kind, words, more = {}) {
    return svg("text", { x, y, class: kind, ...more }, this.body, words);
  }

  middleOf(window) {
    return (this.layout.middle(window[0]) + this.layout.middle(window.at(-1))) / 2;
  }

  wiresOf(window, kind) {
    const { layout } = this;
    const from = { x1: this.middleOf(window), y1: layout.outputTop + layout.output };
    return window.map((place) =>
      svg("line", { ...from, x2: layout.middle(place), y2: layout.rowTop, class: kind }, this.body),
    );
  }

  outputOf(window) {
    const { output, outputTop } = this.layout;
    return new Slice(this.body, {
      x: this.middleOf(window) - output / 2,
      y: outputTop,
      rows: 1,
      columns: 1,
      cell: output,
    });
  }

  // Under each cell its place, as Python counts it.
  buildPlaces() {
    const { layout, scene } = this;
    if (layout.cell < 20) return;
    for (let place = 0; place < scene.x.shape[0]; place++)
      this.text(
        layout.middle(place),
        layout.rowTop + layout.cell + 13,
        "small place",
        String(place),
        { "text-anchor": "middle" },
      );
  }

  // Cells that no window reads are crossed out; a window that does not fit is dashed, and so is the output it has not.
  buildMisfit() {
    const { scene, layout } = this;
    const { cell, rowTop, outputTop, output } = layout;
    const left = (place) => layout.middle(place) - cell / 2;
    const edge = scene.x.shape[0] + scene.pad;
    for (const place of scene.unread) {
      const cross = `M${left(place) + 3} ${rowTop + 3}l${cell - 6} ${cell - 6}m0 ${6 - cell}l${6 - cell} ${cell - 6}`;
      for (const kind of ["mark-back", "mark-front"])
        svg("path", { d: cross, class: `mark ${kind} unread` }, this.body);
    }
    const ends = scene.past || !scene.overhang ? [] : scene.overhang;
    const beyond = Math.max(scene.past ?? 0, (ends.at(-1) ?? 0) + 1 - edge);
    for (let place = edge; place < edge + beyond; place++) {
      svg(
        "rect",
        { x: left(place), y: rowTop, width: cell, height: cell, class: "beyond" },
        this.body,
      );
      if (scene.past)
        this.text(layout.middle(place), rowTop + cell / 2, "digit", "0", {
          style: `font-size: ${cell * 0.5}px`,
        });
    }
    for (const window of [...(scene.refused ?? []), ...(ends.length ? [ends] : [])])
      this.buildGhost(window, window === ends);
    if (ends.length)
      svg(
        "rect",
        {
          x: left(ends[0]),
          y: rowTop - 3,
          width: left(ends.at(-1)) - left(ends[0]) + cell,
          height: cell + 6,
          class: "overhang",
        },
        this.body,
      );
  }

  buildGhost(window, lost) {
    const { outputTop, output } = this.layout;
    this.wiresOf(window, lost ? "wire missing" : "wire ghost");
    const x = this.middleOf(window);
    svg(
      "rect",
      {
        x: x - output / 2,
        y: outputTop,
        width: output,
        height: output,
        class: lost ? "overhang" : "beyond",
      },
      this.body,
    );
    if (lost)
      this.text(x, outputTop + output / 2, "digit lost-output", "✕", {
        style: `font-size: ${output * 0.6}px`,
      });
  }

  buildPanel() {
    const { layout, scene, say } = this;
    const size = { rows: 1, cell: layout.weight };
    const at = ([x, y]) => ({ x, y, ...size });
    this.filter = new Slice(this.body, {
      ...at(layout.filterAt),
      columns: scene.w.shape[0],
      title: say("strip1d.filter"),
    });
    this.bias = new Slice(this.body, {
      ...at(layout.biasAt),
      columns: 1,
      title: say("strip1d.bias"),
    });
    this.hues = Array.from({ length: scene.w.shape[0] }, (_, v) =>
      stripHue(this.body, ...this.filter.corner(0, v), layout.weight, layout.weight, v),
    );
    this.ledger = svg("g", { class: "ledger" }, this.body);
  }

  // The filter as it slides over the row: each weight above its cell, joined to the output.
  buildWindow() {
    const { layout, scene } = this;
    const F = scene.w.shape[0];
    const window = scene.windows[0];
    this.joins = Array.from({ length: F }, () => svg("line", { class: "join" }, this.body));
    this.sliding = svg("g", { class: "sliding" }, this.body);
    this.weights = window.map((place, v) => {
      const x = (place - window[0]) * layout.cell;
      const box = svg(
        "rect",
        {
          x: x + 1,
          width: layout.cell - 2,
          height: layout.weightHigh,
          rx: 4,
          class: "cell weight",
        },
        this.sliding,
      );
      const digit = svg(
        "text",
        { x: x + layout.cell / 2, y: layout.weightHigh * 0.44, class: "digit" },
        this.sliding,
      );
      this.hues.push(stripHue(this.sliding, x, 0, layout.cell, layout.weightHigh, v));
      return { box, digit };
    });
    const span = (window.at(-1) - window[0] + 1) * layout.cell;
    for (const kind of ["mark-back", "mark-front"])
      svg(
        "rect",
        { width: span, height: layout.weightHigh + layout.cell, class: `mark ${kind}` },
        this.sliding,
      );
  }

  // Colours and digits of everything but the outputs, which depend on the tick.
  recolour() {
    const { scene, dark } = this;
    const F = scene.w.shape[0];
    this.row.paint((_, place) => scene.x.at(place), scene.limits.x, "signed", dark);
    this.filter.paint((_, v) => scene.w.at(v), scene.limits.w, "signed", dark);
    this.bias.paint(() => scene.b.at(0), scene.limits.w, "signed", dark);
    for (const hue of this.hues) hue.style.fill = hueOf(Number(hue.dataset.hue), F, dark);
    if (scene.outputs) this.recolourWeights();
    this.parts.scales.replaceChildren();
    for (const [name, end] of [
      ["x", "x"],
      ["w", "w"],
      ["V", "y"],
    ])
      if (scene.limits[end]) legend(this.parts.scales, name, scene.limits[end], "signed", dark);
    this.painted = null;
  }

  recolourWeights() {
    const { scene, dark, layout } = this;
    this.weights.forEach(({ box, digit }, v) => {
      const rgb = colourOf(scene.w.at(v), scene.limits.w, "signed", dark);
      const weight = number(scene.w.at(v), 2);
      const words = layout.cell < 34 ? weight : `× ${weight}`;
      box.style.fill = css(rgb);
      digit.style.fill = inkOn(rgb);
      digit.textContent = words;
      digit.style.fontSize = `${Math.min(layout.weightHigh * 0.6, (0.86 * layout.cell) / widthOf(words))}px`;
      this.joins[v].style.stroke = hueOf(v, scene.w.shape[0], dark);
    });
  }

  // at = {n, taps, total, upto}: output n with its first taps multiplied; share is how far the window has moved there.
  paint(at, share = 1) {
    if (!this.scene.outputs) return;
    this.moveWindow(at.n, share);
    const key = JSON.stringify(at);
    if (key === this.painted) return;
    this.painted = key;
    this.paintOutputs(at);
    this.paintLedger(at);
    this.marks.active.show([[this.outputs[at.n], [[0, 0]]]]);
    const v = at.total ? null : at.taps - 1;
    this.marks.pair.show(v === null ? [] : [[this.filter, [[0, v]]]]);
    this.weights.forEach((_, n) => this.joins[n].classList.toggle("ahead", n >= at.taps));
  }

  paintOutputs(at) {
    const { scene, dark } = this;
    const hidden = this.model.get("predict");
    this.outputs.forEach((slice, n) =>
      slice.paint(
        () => {
          if (hidden) return this.guessed.get(n) ?? "?";
          return n < at.upto || (n === at.n && at.total) ? scene.y.at(n) : null;
        },
        scene.limits.y,
        "signed",
        dark,
      ),
    );
  }

  moveWindow(n, share) {
    const { scene, layout } = this;
    const [before, now] = [scene.windows[Math.max(0, n - 1)], scene.windows[n]];
    const shift = (before[0] - now[0]) * layout.cell * (1 - share * share * (3 - 2 * share));
    this.sliding.setAttribute(
      "transform",
      `translate(${layout.middle(now[0]) - layout.cell / 2 + shift},${layout.weightTop})`,
    );
    const x1 = this.middleOf(now) + shift;
    now.forEach((place, v) =>
      set(this.joins[v], {
        x1,
        y1: layout.outputTop + layout.output,
        x2: layout.middle(place) + shift,
        y2: layout.weightTop,
      }),
    );
  }

  // The products written out, each underlined in the hue of its weight.
  paintLedger(at) {
    const { layout, dark } = this;
    const F = this.scene.w.shape[0];
    const written = writeLines(
      this.ledger,
      layout.ledger,
      wordLines(this.tokens(at), layout.ledger, LEDGER_FONT, LEADING),
    );
    for (const { token, x, y, letter, font } of written) {
      if (token.v === undefined) continue;
      const skip = token.text.startsWith("+ ") ? 2 : 0;
      const box = {
        x: x + skip * letter,
        y: y + font * 0.3,
        width: (token.text.length - skip) * letter,
        height: 4,
      };
      svg("rect", { ...box, fill: hueOf(token.v, F, dark), "data-term": token.v }, this.ledger);
    }
  }

  tokens({ n, taps, total }) {
    const { scene, say } = this;
    const hidden = this.model.get("predict") && !this.guessed.has(n);
    const words = scene.terms[n]
      .slice(0, taps)
      .map((text, v) => ({ text: (v ? "+ " : "") + text, kind: "term", v }));
    const head = { text: `${say("strip1d.ask", { j: n })}`, kind: "place" };
    if (!total)
      return [
        head,
        ...words,
        {
          text: say("strip1d.sofar", { value: hidden ? "?" : number(scene.sofar.at(n, taps - 1)) }),
          kind: "sofar",
        },
      ];
    const end = { text: `= ${hidden ? "?" : number(scene.y.at(n))}`, kind: "total" };
    return [head, ...words, { text: `+ ${inBrackets(scene.b.at(0))}`, kind: "bias" }, end];
  }
}

// A stripe at the foot of a weight, in its hue.
function stripHue(parent, x, y, wide, high, v) {
  const thick = Math.max(high * 0.16, 3);
  return svg(
    "rect",
    {
      x: x + 2,
      y: y + high - thick - 1,
      width: wide - 4,
      height: thick,
      "data-hue": v,
      class: "hue",
    },
    parent,
  );
}
