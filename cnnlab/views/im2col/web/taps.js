// Which output is number n, which cell each entry of X_col copies, and the products of an output.

// The place of output number n, in the order of the trace: filter by filter, row by row; p counts the places.
export function im2colPlace({ y }, n) {
  const [OH, OW] = y.shape;
  const [k, p] = [Math.floor(n / (OH * OW)), n % (OH * OW)];
  return { k, p, i: Math.floor(p / OW), j: p % OW };
}

// Which weight of a filter stands at place r of its row.
export function filterTap({ w }, r) {
  const [, , FW, C] = w.shape;
  return { u: Math.floor(r / (FW * C)), v: Math.floor(r / C) % FW, c: r % C };
}

export function weightAt({ w }, k, r) {
  const [, FH, FW, C] = w.shape;
  return w.values[k * FH * FW * C + r];
}

// The input cell that entry (r, p) of X_col is a copy of, [row, column, channel]; it may lie in the padding.
export function sourceOf(scene, r, p) {
  const OW = scene.y.shape[1];
  const { u, v, c } = filterTap(scene, r);
  return [scene.rows[Math.floor(p / OW)][u], scene.columns[p % OW][v], c];
}

// The entries of X_col that are copies of this cell of the padded input.
export function copiesOf(scene, cell) {
  const [taps, places] = scene.cols.shape;
  const entries = [];
  for (let r = 0; r < taps; r++)
    for (let p = 0; p < places; p++)
      if (sourceOf(scene, r, p).every((index, axis) => index === cell[axis])) entries.push([r, p]);
  return entries;
}

// The place of an input cell of which one knows the number in the flat input.
export function cellPlace({ x }, cell) {
  const [, W, C] = x.shape;
  return [Math.floor(cell / (W * C)), Math.floor(cell / C) % W, cell % C];
}

// The products of output n: [{r, cell, value, weight, product}, …]; cell is −1 in the padding.
export function termsOf(scene, n) {
  const { k, p } = im2colPlace(scene, n);
  return Array.from({ length: scene.cols.shape[0] }, (_, r) => {
    const [cell, value] = [scene.copies.at(r, p), scene.cols.at(r, p)];
    const weight = weightAt(scene, k, r);
    return { r, cell, value, weight, product: cell < 0 ? 0 : value * weight };
  });
}
