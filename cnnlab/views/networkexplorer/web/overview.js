// The columns of a net: built once for a net, painted for every image.

import { number, svg } from "../../shared/web/dom.js";
import { isSome, NE } from "./layout.js";
import { curve } from "./edges.js";
import { coloured, endsOf, MapImage, paletteOf } from "../../shared/web/maps.js";
import { chainOf, detailWords, layerWords, placesOf } from "./words.js";
import { fitText } from "./text.js";

const BOLD = 0.64; // the width of a bold letter, in sizes of the font

export class Overview {
  constructor(drawing) {
    this.drawing = drawing;
    this.group = svg("g", { class: "overview" }, drawing.body);
    this.content = svg("g", {}, this.group);
    this.scene = null;
    this.layout = null;
    this.tiles = []; // {n, position, map} for each map and strip; position is −1 for a strip and for an image in colour
    this.heads = new Map(); // the words over and below each node
    this.shift = 0;
  }

  build(scene, layout) {
    this.scene = scene;
    this.layout = layout;
    this.tiles = [];
    this.heads = new Map();
    this.content.replaceChildren();
    this.webs = svg("g", { class: "webs" }, this.content);
    this.arcs();
    for (const box of layout.boxes) this.node(box);
    for (const { n } of layout.boxes) this.web(n);
    this.agree();
  }

  arcs() {
    const { layout } = this;
    const middle = (n) => layout.boxes.find((box) => box.n === n);
    for (const [from, to] of layout.arcs) {
      const [a, b] = [middle(from), middle(to)];
      if (!a || !b) continue;
      const [x, end] = [a.area.x + a.area.width / 2, b.area.x + b.area.width / 2];
      svg(
        "path",
        {
          d: `M${x} ${NE.arcs}C${x} -2 ${x + 20} 4 ${x + 30} 4H${end - 30}C${end - 20} 4 ${end} -2 ${end} ${NE.arcs}`,
          class: "arc",
        },
        this.content,
      );
    }
  }

  // All that the maps of a node read, faintly, so that one sees what can be seen.
  web(n) {
    const { scene, layout, tiles } = this;
    const head = scene.nodes[layout.head[n]];
    const paths = tiles
      .filter((tile) => tile.n === n && tile.position >= 0)
      .flatMap(({ position, map }) =>
        (head.edges[position] ?? [])
          .map(([slot, at]) => [this.boxOf(head.inputs[slot], at), map])
          .filter(([from]) => from)
          .map(([from, to]) => curve(from, to)),
      );
    svg("path", { d: paths.join(""), class: "web" }, this.webs);
  }

  node(box) {
    const { scene, layout } = this;
    const node = scene.nodes[box.n];
    const group = svg("g", { class: "slice node", "data-layer": node.name }, this.content);
    this.heads.set(box.n, this.header(group, box));
    const [H, W] = node.flat ? [node.shape[0], 1] : node.values.shape.slice(1);
    const extra = box.maps.length - node.units.length; // the coloured image
    box.maps.forEach((place, at) => {
      const position = node.flat || at < extra ? -1 : at - extra;
      const more = {
        "data-layer": node.name,
        "data-unit": position < 0 ? null : node.units[position],
      };
      this.tiles.push({ n: box.n, position, map: new MapImage(group, place, H, W, more) });
    });
    return layout;
  }

  // What all columns do alike, so that no two are labelled in different ways: "layer 3" or "3", 28×28×8 or 28²×8.
  agree() {
    const {
      scene,
      layout,
      heads,
      drawing: { say },
    } = this;
    const all = layout.boxes.filter(({ n, low }) => n > 0 && !low);
    const every = (fits) => all.every(({ n }) => fits(n, heads.get(n).room));
    this.named = every(
      (n, room) => 6.6 * layerWords(say, scene, chainOf(scene, layout, n)).length <= room,
    );
    this.long = every((n, room) => 8 * scene.nodes[n].size.length <= room);
  }

  // Short lines: its place in the net, what it is, its sizes, its shape; below the ends of the colours, and how many of
  // its maps are shown.
  header(group, { n, low, top, area }) {
    const x = area.x + area.width / 2;
    const line = (y, kind) =>
      svg("text", { x, y, class: `head ${kind}`, "text-anchor": "middle" }, group);
    const room = Math.max(area.width + this.layout.gap - 4, 44);
    if (low) return { what: line(top + 15, "what"), one: true, room };
    const foot = area.y + area.height;
    const folded = this.layout.folded ? 15 : 0;
    const steps = folded ? { steps: line(top + 57, "detail") } : {};
    const bar = {
      x: x - 22,
      y: foot + 6,
      width: 44,
      height: 7,
      class: n ? "scale-bar" : "scale-bar grey",
    };
    const above = {
      places: line(top + 12, "detail places"),
      what: line(top + 27, "what"),
      detail: line(top + 42, "detail"),
      ...steps,
      shape: line(top + 57 + folded, "detail"),
    };
    return {
      room,
      ...above,
      scale: line(foot + 26, "detail"),
      some: line(foot + 26 + NE.line, "detail"),
      bar: svg("rect", bar, group),
    };
  }

  // The words over a node and below it.
  tell(n) {
    const { scene, heads, layout, drawing } = this;
    const made = heads.get(n);
    const node = scene.nodes[n];
    const first = scene.nodes[layout.head[n]];
    const chain = chainOf(scene, layout, n);
    const steps = chain.slice(1).map((at) => scene.nodes[at].words[0]);
    if (made.one) return this.tellLow(made, first, steps, placesOf(scene, chain));
    made.places.textContent = this.placeWords(n, chain);
    fitText(made.what, first.words[0], made.room, 14, BOLD);
    const detail = detailWords(drawing.say, first);
    made.detail.textContent = 7.4 * detail.length <= made.room ? detail : first.words[1];
    if (made.steps) made.steps.textContent = this.stepWords(steps, made.room);
    const square = node.shape.length === 3 && node.shape[0] === node.shape[1];
    made.shape.textContent =
      square && !this.long ? `${node.shape[0]}²×${node.shape[2]}` : node.size;
    made.scale.textContent = this.ends(n);
    made.some.textContent = isSome(node)
      ? drawing.say("networkexplorer.some", { shown: node.units.length, of: node.shape[2] })
      : "";
    made.bar.style.display = drawing.scope === "layer" ? "" : "none";
  }

  // "layer 3" or, where that has no room, "3"; then the word stands over the image.
  placeWords(n, chain) {
    const {
      scene,
      named,
      drawing: { say },
    } = this;
    if (n === 0) return named ? "" : say("networkexplorer.pan");
    return named ? layerWords(say, scene, chain) : placesOf(scene, chain);
  }

  // All in one line, where branches share a column: as much as there is room for.
  tellLow({ what, room }, first, steps, places) {
    const whole = [first.words.join(" ").trim(), ...steps].join("+");
    const fitting = [`${places} ${whole}`, `${places} ${first.short}`, whole].find(
      (words) => 12 * BOLD * words.length <= room,
    );
    fitText(what, fitting ?? first.short, room, 14, BOLD);
  }

  // "+norm+ReLU", or how many there are.
  stepWords(steps, room) {
    const words = steps.map((word) => `+${word}`).join("");
    return 7.3 * words.length <= room
      ? words
      : this.drawing.say("networkexplorer.steps", { count: steps.length });
  }

  ends(n) {
    const { scene, drawing } = this;
    const [low, high] = endsOf(scene, scene.nodes[n], drawing.scope);
    if (n === 0) return `${number(low, 2)} – ${number(high, 2)}`;
    return drawing.scope === "layer" ? `±${number(high, 2)}` : "";
  }

  paint(scene) {
    this.scene = scene;
    const { drawing, tiles, layout } = this;
    for (const { n } of layout.boxes) this.tell(n);
    for (const { n, position, map } of tiles) {
      const node = scene.nodes[n];
      if (position < 0 && !node.flat) {
        map.put(coloured(node.values.values, map.rows, map.columns, scene.ends));
        continue;
      }
      const size = map.rows * map.columns;
      const values = node.flat
        ? node.values.values
        : node.values.values.subarray(position * size, (position + 1) * size);
      map.paint(
        values,
        endsOf(scene, node, drawing.scope, position),
        paletteOf(scene, node),
        drawing.dark,
      );
    }
  }

  // The tile under a point, with the cell of it: {n, position, unit, row, column}, or null.
  find(x, y) {
    for (const { n, position, map } of this.tiles) {
      const at = map.find(x + this.shift, y);
      if (!at) continue;
      const node = this.scene.nodes[n];
      if (node.flat) return { n, position: at.row, unit: at.row, row: at.row, column: 0 };
      return { n, position, unit: node.units[Math.max(position, 0)], ...at };
    }
    return null;
  }

  panTo(x) {
    this.shift = x;
    this.content.setAttribute("transform", `translate(${-x},0)`);
  }

  // The box of a unit: a map, or a cell of a strip.
  boxOf(n, position) {
    const node = this.scene.nodes[n];
    const tile = this.tiles.find((one) => one.n === n && (node.flat || one.position === position));
    if (!tile) return null;
    const { x, y, width, height } = tile.map;
    if (!node.flat) return { x, y, width, height };
    const cell = height / node.shape[0];
    return { x, y: y + position * cell, width, height: cell };
  }
}
