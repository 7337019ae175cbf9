// What a unit reads: curves from the maps before it, the thicker the more it takes from them.

import { set, svg } from "../../shared/web/dom.js";

const EDGES = 26;

export class Edges {
  constructor(drawing) {
    this.drawing = drawing;
    this.group = svg("g", { class: "edges" }, drawing.body);
    this.paths = Array.from({ length: EDGES }, () => svg("path", { class: "edge" }, this.group));
    this.marks = ["reads", "spot"].map((kind) =>
      ["mark-back", "mark-front"].map((layer) =>
        svg("path", { class: `mark ${layer} ${kind}` }, this.group),
      ),
    );
  }

  hide() {
    for (const path of this.paths) path.setAttribute("d", "");
    this.mark([], []);
  }

  mark(reads, spots) {
    [reads, spots].forEach((boxes, n) => {
      const d = boxes
        .map(
          ({ x, y, width, height }) =>
            `M${x - 1} ${y - 1}h${width + 2}v${height + 2}h${-width - 2}z`,
        )
        .join("");
      for (const path of this.marks[n]) path.setAttribute("d", d);
    });
  }

  // The units that the one at `position` of node n reads: [{n, position, strength}], those drawn.
  sources(scene, n, position) {
    const { layout } = this.drawing.overview;
    const head = scene.nodes[layout.head[n] ?? n];
    const all =
      head.flat && head.edges.length !== head.shape[0]
        ? this.flattened(scene, head, position)
        : (head.edges[position] ?? []);
    return all.map(([slot, at, strength]) => ({ n: head.inputs[slot], position: at, strength }));
  }

  // A cell of a Flatten is a pixel of one of the maps.
  flattened(scene, head, cell) {
    if (!head.flattens) return head.inputs.map((_, slot) => [slot, cell, 1]);
    const from = scene.nodes[head.inputs[0]];
    const at = from.flat ? cell : from.units.indexOf(cell % from.shape[2]);
    return at < 0 ? [] : [[0, at, 1]];
  }

  show(scene, { n, position }, boxOf) {
    const box = boxOf(n, position);
    if (!box) return this.hide();
    const { layout, scores } = this.drawing;
    const to = n === layout.last ? scores.doorOf(scene, position) : box;
    const drawn = this.sources(scene, n, position)
      .map((source) => ({ ...source, box: boxOf(source.n, source.position) }))
      .filter((source) => source.box);
    this.paths.forEach((path, at) => {
      const source = drawn[at];
      if (!source) return path.setAttribute("d", "");
      const size = Math.abs(source.strength);
      const sign = scene.nodes[n].dense ? (source.strength < 0 ? "minus" : "plus") : "";
      set(path, {
        d: curve(source.box, to),
        class: `edge ${sign}`,
        "stroke-width": 1 + 3 * size,
        "stroke-opacity": 0.35 + 0.6 * size,
      });
    });
    this.mark(
      drawn.map((source) => source.box),
      [box],
    );
  }
}

export function curve(from, to) {
  const [x, y] = [from.x + from.width, from.y + from.height / 2];
  const [end, down] = [to.x, to.y + to.height / 2];
  const bend = Math.max(12, (end - x) * 0.5);
  return `M${x} ${y}C${x + bend} ${y} ${end - bend} ${down} ${end} ${down}`;
}
