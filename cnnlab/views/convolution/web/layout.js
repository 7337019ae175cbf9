// Where everything of the Convolution view stands. One column a channel: its input slice on top, under it the slices
// of the filters that slide over it; then the ledger, then the outputs. Units are those of the drawing's viewBox.

import { clamp } from "../../shared/web/dom.js";
import { firstChannel } from "./taps.js";

const GAP = 18;
export const TITLE = 20;
const INPUT_WIDE = 640; // all input slices together stay within this, by smaller cells
const INPUT_HIGH = 210;
const CELL = 30;
const FILTERS_AT_ONCE = 3; // of more filters only the active one is drawn

export function convolutionLayout(scene) {
  const [H, W, C] = scene.x.shape;
  const [K, FH, FW, depth] = scene.w.shape;
  const [[top, bottom], [left, right]] = scene.pads;
  const hang = hanging(scene);
  const rows = H + top + bottom + hang[0];
  const columns = W + left + right + hang[1];
  const cell = Math.min(CELL, (INPUT_WIDE - C * GAP) / (C * columns), INPUT_HIGH / rows);
  const small = clamp(84 / FH, 12, Math.min(CELL, 150 / FW));
  const filterWidth = Math.max(FW * small, 96) + 12; // so that no title touches the next
  const column = Math.max(columns * cell, filterWidth) + GAP;
  const layout = {
    cell,
    small,
    column,
    filterWidth,
    inputTop: TITLE,
    first: Array.from({ length: K }, (_, k) => firstChannel(scene, k)),
  };
  Object.assign(layout, filterLayout(scene, layout, TITLE + rows * cell + TITLE + 14));
  layout.ledgerX = layout.biasX + Math.max(small, 26) + 2 * GAP;
  Object.assign(layout, ledgerLayout(depth, FH, FW, layout.leftHeight));
  layout.outputX = layout.ledgerX + layout.ledgerWidth + GAP + 12;
  Object.assign(layout, outputLayout(scene, K, layout.leftHeight));
  layout.width = layout.outputX + layout.outputWidth + 6;
  layout.height = Math.max(layout.leftHeight, layout.ledgerHeight, layout.outputHeight) + 4;
  return layout;
}

// The filters stand side by side under each input slice, in as few rows as its width allows, or the active one alone.
function filterLayout(scene, { small, column, filterWidth, first }, top) {
  const [K, FH] = scene.w.shape;
  const C = scene.x.shape[2];
  const grouped = new Set(first).size > 1;
  const stacked = K <= FILTERS_AT_ONCE;
  const perRow = grouped ? 1 : clamp(Math.floor((column - GAP + 12) / filterWidth), 1, K);
  const rows = stacked && !grouped ? Math.ceil(K / perRow) : 1;
  const high = FH * small + TITLE + 6;
  return {
    stacked,
    filterAt: (k) =>
      stacked && !grouped
        ? [(k % perRow) * filterWidth, top + Math.floor(k / perRow) * high]
        : [0, top],
    biasX: C * column + 4,
    biasAt: (k) => top + (stacked ? (k * rows * high) / K : 0),
    leftHeight: top + rows * high,
  };
}

// How many cells the window after the last hangs over the padded input, down and to the right.
function hanging(scene) {
  const sizes = scene.x.shape;
  return (scene.overhang ?? [null, null]).map((places, axis) =>
    places ? Math.max(0, places.at(-1) + 1 - sizes[axis] - scene.pads[axis][1]) : 0,
  );
}

// A term is one product: two lines (value × weight, product) where there is room, one where not. The blocks of more
// than four channels stand in two columns.
function ledgerLayout(depth, FH, FW, leftHeight) {
  const towers = depth > 4 ? 2 : 1;
  const perTower = Math.ceil(depth / towers);
  const termWidth = clamp(190 / FW, towers > 1 ? 16 : 20, towers > 1 ? 40 : 62);
  const termHeight = clamp(((Math.max(leftHeight, 350) - TITLE - 62) / perTower - 8) / FH, 9, 36);
  const blockHeight = FH * termHeight + 8;
  const blockWidth = Math.max(FW * termWidth + 98, towers > 1 ? 0 : 264); // its heading needs the room
  return {
    termWidth,
    termHeight,
    sumX: FW * termWidth + 12,
    blockAt: (c) => [Math.floor(c / perTower) * blockWidth, TITLE + (c % perTower) * blockHeight],
    totalX: Math.min(towers * blockWidth - 24, 230),
    ledgerWidth: towers * blockWidth,
    ledgerHeight: TITLE + perTower * blockHeight + 62,
  };
}

function outputLayout(scene, K, leftHeight) {
  if (!scene.outputs) return { outputWidth: 0, outputHeight: 0, outputCell: 0 };
  const [OH, OW] = scene.y.shape;
  const towers = K > 6 ? 3 : K > 3 ? 2 : 1;
  const perTower = Math.ceil(K / towers);
  const room = Math.max(leftHeight, 340);
  const outputCell = clamp(
    Math.min((towers > 1 ? 330 : 240) / towers / OW, (room / perTower - TITLE - 8) / OH),
    2,
    46,
  );
  const [wide, high] = [Math.max(OW * outputCell, 88) + GAP, OH * outputCell + TITLE + 8];
  return {
    outputCell,
    outputAt: (k) => [Math.floor(k / perTower) * wide, TITLE + (k % perTower) * high],
    outputWidth: towers * wide - GAP,
    outputHeight: TITLE + perTower * high - 8,
  };
}
