// The elements of the FilterLab's drawing: built once for an image and a filter of one size, painted many times.

import { CHANNELS, Pixels } from "./pixels.js";
import { LAB } from "./layout.js";
import { LabGrid } from "./grid.js";
import { svg } from "../../shared/web/dom.js";

// pads: the rows and columns of padding around the image, hatched.
export function labInput(body, { x, scene, layout, say }) {
  const [H, W, C] = x.shape;
  return new Pixels(body, {
    x: layout.inputX,
    y: layout.inputY,
    H,
    W,
    scale: layout.scale,
    title: say("filterlab.input", { H, W, C }),
    pads: scene.pads,
  });
}

export function labResult(body, { scene, layout, say }) {
  const [H, W, K] = scene.y.shape;
  return new Pixels(body, {
    x: layout.resultX,
    y: LAB.top,
    H,
    W,
    scale: layout.resultScale,
    title: say("filterlab.result", { H, W, K }),
  });
}

export function labSlices(body, { scene, layout, say }) {
  const { side, cell } = layout;
  const names = { mix: [""], colour: CHANNELS.map((name) => say(`filterlab.slice_${name}`)) }[
    scene.mode
  ];
  return (names ?? [say("filterlab.slice")]).map((title, n) => {
    const [x, y] = layout.sliceAt(n);
    return new LabGrid(body, { x, y, rows: side, columns: side, cell, title });
  });
}

export function labBiases(body, { scene, layout, say }) {
  const mix = scene.mode === "mix";
  const made = Array.from({ length: scene.mode === "each" ? 0 : scene.b.shape[0] }, (_, k) => {
    const [x, y] = layout.biasAt(k);
    return new LabGrid(body, {
      x,
      y,
      rows: 1,
      columns: 1,
      cell: layout.biasCell,
      title: mix && !k ? say("filterlab.bias") : "",
    });
  });
  const [x, y] = layout.biasAt(0);
  if (made.length === 1)
    svg(
      "text",
      { x: x - 8, y: y + 20, class: "slice-title", "text-anchor": "end" },
      body,
      say("filterlab.bias"),
    );
  return made;
}

// Rows of a mix are what comes out, columns what goes in.
export function nameMix(body, { layout, say }) {
  const [x, y] = layout.sliceAt(0);
  const name = (place, anchor, words) =>
    svg("text", { ...place, class: "mix-name", "text-anchor": anchor }, body, words);
  name({ x: x - 8, y: y - 6 }, "end", say("filterlab.from"));
  CHANNELS.forEach((channel, n) => {
    name(
      { x: x + (n + 0.5) * layout.cell, y: y - 6 },
      "middle",
      say(`filterlab.channel_${channel}`),
    );
    name({ x: x - 8, y: y + (n + 0.6) * layout.cell }, "end", say(`filterlab.new_${channel}`));
  });
}

// The pixels that no window reads are crossed out, and the window that would hang over the end is dashed.
export function labMisfit(body, { scene, layout, x }) {
  const [H, W] = x.shape;
  const { scale: s, inputX, inputY } = layout;
  const [rows, columns] = scene.unread;
  const box = (row, column, high, wide) =>
    `M${inputX + column * s} ${inputY + row * s}h${wide * s}v${high * s}h${-wide * s}z`;
  const crossed = [
    ...runs(rows).map(([at, n]) => box(at, 0, n, W)),
    ...runs(columns).map(([at, n]) => box(0, at, H, n)),
  ];
  if (crossed.length) svg("path", { d: crossed.join(""), class: "dropped" }, body);
  if (!scene.overhang.some(Boolean)) return;
  const F = scene.w.shape[1];
  const [row, column] = scene.overhang.map(
    (places, axis) => places?.[0] ?? [scene.rows, scene.columns][axis]?.[0] ?? 0,
  );
  svg(
    "rect",
    { x: inputX + column * s, y: inputY + row * s, width: F * s, height: F * s, class: "overhang" },
    body,
  );
}

// [3, 4, 5, 9] as [[3, 3], [9, 1]]: where each run of neighbours begins, and how long it is.
export function runs(places) {
  const found = [];
  for (const place of places) {
    const last = found.at(-1);
    if (last && last[0] + last[1] === place) last[1] += 1;
    else found.push([place, 1]);
  }
  return found;
}

export function labGrids(body, { scene, layout, say }) {
  const names = {
    grey: ["filterlab.values", "filterlab.products"].map((key) => say(key)),
    mix: [""],
  }[scene.mode];
  const titles =
    names ??
    CHANNELS.map((name) =>
      say("filterlab.products_of", { name: say(`filterlab.channel_${name}`) }),
    );
  const size = { rows: layout.side, columns: layout.side, cell: layout.ledgerCell };
  return titles.map((title, n) => {
    const [x, y] = layout.gridAt(n);
    return new LabGrid(body, { x, y, ...size, title });
  });
}
