// Where everything of the FilterLab stands: the image at the left, the result at the right, and between them the filter
// and how the pixel under the window is made. Units are those of the drawing's viewBox.

export const LAB = {
  wide: 1100,
  high: 428,
  top: 20,
  image: 300,
  gap: 22,
  between: 54,
  strip: 50,
  cell: 56,
  title: 215,
};

export function labLayout({ scene, x }) {
  const [H, W] = x.shape;
  const most = LAB.high - LAB.top - 4;
  const [[above, below], [before, after]] = labRing(scene, H, W);
  const scale = Math.min(LAB.image / (before + W + after), most / (above + H + below));
  const [OH, OW] = scene.outputs ? scene.y.shape : [1, 1];
  const resultScale = Math.min(LAB.image / OW, most / OH, scale * Math.max(1, H / OH));
  const inputX = before * scale;
  const inputY = LAB.top + above * scale;
  // Titles need room too, over an image of few columns.
  const middleX = Math.max(inputX + (W + after) * scale, LAB.title) + LAB.gap;
  const resultX = LAB.wide - Math.max(OW * resultScale, LAB.title);
  const middleWide = resultX - LAB.gap - middleX;
  const middle = scene.mode === "grey" ? labOne : labRows;
  return {
    scale,
    resultScale,
    inputX,
    inputY,
    resultX,
    middleX,
    middleWide,
    ...middle(scene, middleX, middleWide),
  };
}

// How many cells around the image need room: padding, and a window that hangs over the end.
function labRing({ pads, overhang }, H, W) {
  return [H, W].map((n, axis) => [
    pads[axis][0],
    Math.max(pads[axis][1], (overhang[axis]?.at(-1) ?? 0) + 1 - n),
  ]);
}

// One slice: the window at the left with its products below it, the weights at the right with their total below them.
function labOne({ w }, middleX, wide) {
  const F = w.shape[1];
  const ledgerCell = Math.min(LAB.cell, (LAB.high - LAB.top - 36) / (2 * F));
  const right = middleX + F * ledgerCell + 30;
  const room = middleX + wide - right;
  const cell = Math.min(LAB.cell, room / F, 232 / F);
  const bottom = LAB.top + F * cell;
  const second = LAB.top + F * ledgerCell + 30;
  const foot = second + F * ledgerCell - 46;
  return {
    cell,
    side: F,
    sliceAt: () => [right, LAB.top],
    biasCell: 30,
    biasAt: () => [right + 22, bottom + 38],
    sumAt: [right, bottom + 24],
    sumRoom: room,
    ledgerCell,
    ledgerTop: LAB.top,
    gridAt: (n) => [middleX, n ? second : LAB.top],
    foot,
    patch: 0,
    swatch: 44,
    totalX: right,
    times: [right - 15, LAB.top + (F * Math.min(cell, ledgerCell)) / 2],
  };
}

// The slices of the filter in one row, the grids of products in another, and at the foot the strip with the total.
function labRows({ mode, w }, middleX, wide) {
  const rows = rowSizes(mode, w, wide);
  const { side, cell, ledgerCell, left } = rows;
  const mix = mode === "mix";
  const bottom = LAB.top + side * cell;
  const ledgerTop = bottom + LAB.between;
  const foot = ledgerTop + side * ledgerCell + 12;
  const patch = Math.min(72, LAB.high - foot - 2);
  const first = middleX + left;
  return {
    cell,
    side,
    sliceAt: (n) => [first + n * (side * cell + 12), LAB.top],
    biasCell: mix ? cell : 30,
    biasAt: (k) =>
      mix ? [first + side * cell + 24, LAB.top + k * cell] : [middleX + wide - 32, bottom + 6],
    sumAt: [first, bottom + 26],
    sumRoom: wide - left - (mode === "colour" ? 60 : 0),
    ledgerCell,
    ledgerTop,
    gridAt: (n) => [first + n * (side * ledgerCell + 14), ledgerTop],
    foot,
    patch,
    swatch: Math.min(44, LAB.high - foot - 2),
    totalX: middleX + patch + 12,
    times: null,
  };
}

// The cells of both rows, as large as fits; a mix needs room for the names of its rows and for their sums.
function rowSizes(mode, w, wide) {
  const [, F, , C] = w.shape;
  const mix = mode === "mix";
  const side = mix ? 3 : F;
  const slices = mode === "colour" ? C : 1;
  const grids = mix ? 1 : 3;
  const left = mix ? 84 : 0;
  const room = LAB.high - LAB.top - LAB.between - LAB.strip - 14;
  const acrossSlices = wide - left - (mix ? 70 : 0) - (slices - 1) * 12;
  const acrossGrids = wide - left - (mix ? 120 : 0) - (grids - 1) * 14;
  const cell = Math.min(LAB.cell, acrossSlices / (slices * side), (0.54 * room) / side);
  const ledgerCell = Math.min(52, acrossGrids / (grids * side), (room - side * cell) / side);
  return { side, left, cell, ledgerCell };
}
