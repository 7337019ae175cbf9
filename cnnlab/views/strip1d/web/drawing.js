// The drawing of the Strip1D view: its elements are built once for a geometry, then only attributes change.

import { colourOf, css, hueOf, inkOn, legend } from "../../shared/web/colour.js";
import { inBrackets, number, set, svg, unpack, widthOf } from "../../shared/web/dom.js";
import { wordLines, writeLines } from "../../shared/web/lines.js";
import { ease } from "../../shared/web/slice.js";
import { StripElements } from "./elements.js";

const LEDGER_FONT = 25;
const LEADING = 1.75; // room for the stripes

export class StripDrawing extends StripElements {
  constructor(parts, model) {
    super(parts, model);
    this.key = "";
    /** @type {Map<number, number>} */
    this.guessed = new Map();
  }

  take(scene) {
    for (const name of ["x", "w", "b", "y", "products", "sofar"])
      if (scene[name]) scene[name] = unpack(scene[name]);
    this.scene = scene;
    this.guessed = new Map();
    const { x, w, pad, windows, overhang, refused, past } = scene;
    const key = JSON.stringify([x.shape, w.shape, pad, windows, overhang, refused, past]);
    if (key !== this.key) this.build();
    this.key = key;
    this.recolour();
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

  paintTick(at) {
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

  moveWindow({ n }, share) {
    const { scene, layout } = this;
    const [before, now] = [scene.windows[Math.max(0, n - 1)], scene.windows[n]];
    const shift = (before[0] - now[0]) * layout.cell * (1 - ease(share));
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
