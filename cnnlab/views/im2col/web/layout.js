// Where everything of the Im2col view stands. At the left, from top to bottom: the window and the threads, the sparse
// matrix, and the products they all share; at the right X_col and under it the outputs.

export const IM = {
  wide: 1100,
  high: 374,
  heading: 20,
  title: 16,
  gap: 14,
  threads: 236,
  second: 178,
  third: 290,
  label: 108,
  sum: 120,
};

export function im2colLayout(scene) {
  const [H, W, C] = scene.x.shape;
  const [K, FH, FW] = scene.w.shape;
  const [OH, OW] = scene.outputs ? scene.y.shape : [1, 1];
  const taps = FH * FW * C;
  const hang = im2colHang(scene);
  const columnCell = Math.min(
    24,
    340 / (OH * OW),
    (IM.high - IM.heading - IM.title - 8) / (taps + K),
  );
  const columnsX = IM.wide - Math.max(OH * OW * columnCell, 210);
  const left = columnsX - 2 * IM.gap - 8;
  const windowWide = left - IM.threads - 24;
  const rows = H + 2 * scene.pads[0][0] + hang[0];
  const columns = W + 2 * scene.pads[1][0] + hang[1];
  const cell = Math.min(
    20,
    (IM.second - IM.heading - IM.title - 10) / rows,
    (windowWide - C * IM.gap) / (C * columns + OW),
  );
  const slot = Math.max(columns * cell, 86) + IM.gap;
  const top = IM.heading + IM.title;
  return {
    cell,
    columnsX,
    columnCell,
    taps,
    places: OH * OW,
    inputAt: (c) => ({ x: c * slot, y: top }),
    outputAt: { x: C * slot, y: top },
    threads: threadLayout(scene, left - IM.threads),
    sparse: sparseLayout(OH * OW, H * W * C, windowWide),
    strip: stripOfProducts(left, taps, K),
    columnsAt: { x: columnsX, y: IM.heading },
    productAt: { x: columnsX, y: IM.heading + taps * columnCell + IM.title + 6 },
  };
}

// How many cells the window after the last hangs over the padded input, down and to the right.
function im2colHang({ x, pads, overhang }) {
  return [0, 1].map((axis) =>
    Math.max(0, overhang[axis] ? overhang[axis].at(-1) + 1 - x.shape[axis] - pads[axis][1] : 0),
  );
}

function threadLayout(scene, x) {
  const [rows, columns] = scene.outputs
    ? [scene.threads.rows.length, scene.threads.columns.length]
    : [1, 1];
  const cell = Math.min(24, 144 / rows, IM.threads / columns);
  const line = (n) => ({ x, y: IM.second - 6 + n * 37, width: IM.threads, height: 36 });
  return { x, y: IM.heading + 2, cell, lineAt: line };
}

// The matrix and, under it, its present row in the same columns.
function sparseLayout(places, cells, wide) {
  const width = Math.min(wide, cells * 24);
  const y = IM.second + IM.heading - 4;
  const height = Math.min(62, places * 14);
  return { x: 0, y, width, height, row: { y: y + height + 6, high: 20, wide: width / cells } };
}

// The row of weights of each filter, under them the present column of X_col and the products; at the right the biases
// and what it all comes to.
function stripOfProducts(left, taps, K) {
  const cell = Math.min(24, (left - IM.label - IM.sum) / taps, (IM.high - IM.third - 4) / (K + 2));
  const biasX = IM.label + taps * cell + 8;
  return {
    x: IM.label,
    y: IM.third,
    cell,
    columnY: IM.third + K * cell + 3,
    productY: IM.third + (K + 1) * cell + 4,
    biasX,
  };
}
