// Which output is number n, and the products it is made of. Everything is looked up in what Python sent.

// The place of output number n, in the order of the trace: filter by filter, row by row.
export function outputPlace(scene, n) {
  const [OH, OW] = scene.y.shape;
  return { k: Math.floor(n / (OH * OW)), i: Math.floor(n / OW) % OH, j: n % OW };
}

// The first channel that filter k reads.
export const firstChannel = (scene, k) => scene.first?.[k] ?? 0;

// The taps of an output, a list for each channel of the filter.
export function tapsOf(scene, { i, j, k }) {
  const [, FH, FW, depth] = scene.w.shape;
  return Array.from({ length: depth }, (_, c) =>
    Array.from({ length: FH * FW }, (__, n) =>
      tapOf(scene, { i, j, k }, Math.floor(n / FW), n % FW, c),
    ),
  );
}

// The product of weight (u, v, c) and the cell under it.
export function tapOf(scene, { i, j, k }, u, v, c) {
  const [H, W] = scene.x.shape;
  const [row, column] = [scene.rows[i][u], scene.columns[j][v]];
  const inside = row >= 0 && row < H && column >= 0 && column < W;
  const channel = firstChannel(scene, k) + c;
  const value = inside ? scene.x.at(row, column, channel) : 0;
  return { u, v, c, row, column, channel, inside, value, weight: scene.w.at(k, u, v, c) };
}
