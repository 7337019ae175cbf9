// Where everything of the FilterLab stands: the picture at the left, the result at the right, and between them the filter
// with, below it, how the pixel under the window is made. Units are those of the drawing's viewBox.

const LAB = { wide: 1100, high: 428, top: 20, picture: 300, gap: 22, between: 54, strip: 50 };

function labLayout({ scene, x }) {
  const [H, W] = x.shape;
  const most = LAB.high - LAB.top - 4;
  // A filter larger than the picture is drawn over it: both must have room.
  const seen = scene.outputs ? 0 : scene.w.shape[1];
  const scale = Math.min(LAB.picture / Math.max(W, seen), most / Math.max(H, seen));
  const [OH, OW] = scene.outputs ? scene.y.shape : [1, 1];
  const resultScale = Math.min(LAB.picture / OW, most / OH, scale * Math.max(1, H / OH));
  const middleX = Math.max(W, seen) * scale + LAB.gap;
  const resultX = LAB.wide - OW * resultScale;
  const middleWide = resultX - LAB.gap - middleX;
  return { scale, resultScale, resultX, middleX, middleWide, ...labFilter(scene, middleX, middleWide) };
}

// The slices of the filter in one row, the grids of products in another, and at the foot the strip with the total.
function labFilter({ mode, w }, middleX, wide) {
  const [, F, , C] = w.shape;
  const mix = mode === "mix";
  const [count, side] = mix ? [1, 3] : [mode === "each" ? 1 : C, F];
  const grids = mix ? 1 : mode === "grey" ? 2 : 3;
  const left = mix ? 56 : 0; // room for the names of the rows
  const room = LAB.high - LAB.top - LAB.between - LAB.strip - 14;
  const cell = Math.min(58, (wide - left - (mix ? 70 : 0) - (count - 1) * 12) / (count * side), (0.54 * room) / side);
  const bottom = LAB.top + side * cell;
  const ledgerTop = bottom + LAB.between;
  const ledgerCell = Math.min(52, (wide - left - (grids - 1) * 14 - (mix ? 120 : 0)) / (grids * side), (room - side * cell) / side);
  const foot = ledgerTop + side * ledgerCell + 12;
  const patch = mode === "grey" ? 0 : Math.min(72, LAB.high - foot - 2);
  return {
    cell,
    side,
    sliceAt: (n) => [middleX + left + n * (side * cell + 12), LAB.top],
    biasCell: mix ? Math.min(cell, 40) : 30,
    biasAt: (k) => (mix ? [middleX + left + side * cell + 24, LAB.top + k * cell] : [middleX + wide - 32, bottom + 6]),
    sumY: bottom + 26,
    ledgerCell,
    ledgerTop,
    gridAt: (n) => [middleX + left + n * (side * ledgerCell + 14), ledgerTop],
    foot,
    patch,
    swatch: Math.min(44, LAB.high - foot - 2),
    totalX: middleX + (patch ? patch + 12 : 0),
  };
}
