// Where everything of the Pooling view stands. One channel: input, lens, output in a row. More: a column a channel, its
// output under its input, and the lens at the right. An image that is moved stands beside the one that is not.

export const POOL = { wide: 1090, high: 364, title: 20, gap: 40, between: 28 };

export function poolingLayout(scene, lenses, F) {
  const [H, W, C] = scene.x.shape;
  const hang = poolingHang(scene);
  const size = {
    rows: H + 2 * scene.pads[0][0] + hang[0],
    columns: W + 2 * scene.pads[1][0] + hang[1],
    images: scene.shift ? 2 : 1,
  };
  const [OH, OW] = scene.outputs ? scene.y.shape : [1, 1];
  const layout = C === 1 ? poolingRow(size, OH, OW) : poolingColumns(size, OH, OW, C);
  const cell = lenses === 2 ? Math.min(46, 96 / F) : Math.min(64, 200 / F);
  const each = POOL.title + F * cell + 64;
  const lensAt = (n) => [layout.lensX, POOL.title + n * each];
  const ledger = (n) => ({
    x: layout.lensX,
    y: lensAt(n)[1] + F * cell + 4,
    width: layout.lensWide,
    height: lenses === 2 ? 44 : 110,
  });
  return { ...layout, hang, lensCell: cell, lensAt, ledger, height: POOL.high };
}

function poolingRow({ rows, columns, images }, OH, OW) {
  const room = images === 2 ? 215 : 330;
  const cell = Math.min(76, room / columns, (POOL.high - POOL.title) / rows);
  const wide = columns * cell + POOL.between;
  const lensX = Math.max(images * wide - POOL.between, 180) + POOL.gap;
  const lensWide = images === 2 ? 240 : 300;
  const left = lensX + lensWide + POOL.gap;
  const share = (POOL.wide - left - (images - 1) * POOL.between) / images;
  const outputCell = Math.min(80, share / OW, (POOL.high - POOL.title) / OH);
  const step = Math.max(OW * outputCell, 90) + POOL.between;
  return {
    one: true,
    cell,
    lensX,
    lensWide,
    outputCell,
    inputAt: (c, n) => [n * wide, POOL.title],
    outputAt: (c, n) => [left + n * step, POOL.title],
  };
}

function poolingColumns({ rows, columns, images }, OH, OW, C) {
  const lensWide = 280;
  const column = (POOL.wide - lensWide) / C;
  const room = (column - POOL.between - (images - 1) * 14) / images;
  const cell = Math.min(44, room / columns, 200 / rows);
  const top = 2 * POOL.title + rows * cell + 18;
  const outputCell = Math.min(44, room / OW, (POOL.high - top) / OH);
  const place = (y) => (c, n) => [c * column + n * (room + 14), y];
  return {
    one: false,
    cell,
    lensX: C * column,
    lensWide,
    outputCell,
    inputAt: place(POOL.title),
    outputAt: place(top),
  };
}

// How many cells a window hangs over the padded image, down and to the right.
function poolingHang({ x, pads, past, overhang }) {
  return [0, 1].map((axis) =>
    Math.max(
      0,
      past?.[axis] ?? 0,
      overhang[axis] ? overhang[axis].at(-1) + 1 - x.shape[axis] - pads[axis][1] : 0,
    ),
  );
}
