// Where everything of the Strip1D view stands: outputs above the middles of their windows, the weights just above the
// cells they multiply, the row; and a panel with filter, bias and ledger, beside a short row or below a long one.

import { clamp } from "../../shared/web/dom.js";

const TITLE_WIDE = 256; // the words above the filter
export const STRIP = { wide: 1090, high: 372, beside: 640, title: 20, places: 16, panel: 66 };

export function stripLayout(scene) {
  const [W, F] = [scene.x.shape[0], scene.w.shape[0]];
  const P = scene.pad;
  const last = Math.max(W + P - 1, scene.overhang?.at(-1) ?? 0, scene.windows?.at(-1).at(-1) ?? 0);
  const columns = last + P + 1;
  const beside = columns <= 16;
  const cell = Math.min(beside ? 70 : 60, (beside ? STRIP.beside : STRIP.wide) / columns);
  const output = Math.min(cell - 2, 58);
  const weightHigh = clamp(cell * 0.62, 14, 38);
  const high = beside ? STRIP.high : STRIP.high - STRIP.panel;
  const fixed = STRIP.title + output + weightHigh + cell + STRIP.places + 20;
  const outputTop = STRIP.title;
  const weightTop = outputTop + output + clamp(high - fixed, 60, 140);
  const rowTop = weightTop + weightHigh;
  const rowBottom = rowTop + cell + STRIP.places + 20;
  return {
    columns,
    last,
    cell,
    output,
    weightHigh,
    outputTop,
    weightTop,
    rowTop,
    rowBottom,
    middle: (place) => (place + P + 0.5) * cell,
    ...stripPanel({ beside, columns, cell, rowBottom, outputTop }, F),
    height: beside ? Math.max(rowBottom, 300) : rowBottom + STRIP.panel,
  };
}

// The panel: where the filter, the bias and the ledger stand, and how large they are.
function stripPanel({ beside, columns, cell, rowBottom, outputTop }, F) {
  const left = beside ? Math.max(columns * cell + 44, 330) : 0;
  const room = STRIP.wide - left;
  const weight = Math.min(52, beside ? (room - 96) / (F + 1) : 34);
  const top = beside ? outputTop + 6 : rowBottom + STRIP.title;
  const biasX = left + Math.max(F * weight + 40, TITLE_WIDE);
  const ledgerX = beside ? left : biasX + weight + 32;
  return {
    weight,
    filterAt: [left, top],
    biasAt: [biasX, top],
    ledger: {
      x: ledgerX,
      y: beside ? top + weight + 40 : top - 16,
      width: STRIP.wide - ledgerX,
      height: beside ? 190 : 62,
    },
  };
}
