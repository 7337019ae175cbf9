// Which output is number n, the cells of its window, the winner among them, and what it sends back.

// The place of output n, in the order of the trace: channel by channel, row by row.
export function pooledPlace({ y }, n) {
  const [OH, OW] = y.shape;
  return { c: Math.floor(n / (OH * OW)), i: Math.floor(n / OW) % OH, j: n % OW };
}

// The cells of a window, row by row: [{u, v, row, column, inside}, …].
export function cellsOf(scene, { i, j }) {
  const [H, W] = scene.x.shape;
  return scene.rows[i].flatMap((row, u) =>
    scene.columns[j].map((column, v) => {
      const inside = row >= 0 && row < H && column >= 0 && column < W;
      return { u, v, row, column, inside };
    }),
  );
}

// The cell that wins a window of the image or, for which = 1, of the moved one; undefined where nothing wins.
export function windowWinner(scene, { i, j, c }, which = 0) {
  const switches = which ? scene.shift.switches : scene.switches;
  const winner = switches?.at(i, j, c);
  return cellsOf(scene, { i, j }).find(
    ({ inside, row, column }) => inside && row * scene.x.shape[1] + column === winner,
  );
}

// What the dY of one output adds to the cells of its window: those cells, each with its share.
export function routeOf(scene, { i, j, c }) {
  const g = scene.dy.at(i, j, c);
  const inside = cellsOf(scene, { i, j }).filter((cell) => cell.inside);
  if (scene.mode === "max") return [{ ...windowWinner(scene, { i, j, c }), share: g }];
  const part = ({ row, column }) =>
    scene.mode === "average"
      ? 1 / inside.length
      : scene.x.at(row, column, c) / scene.y.at(i, j, c) || 0;
  return inside.map((cell) => ({ ...cell, share: g * part(cell) }));
}

// dX while outputs come one after another: it goes on from the one before, or begins again.
export class Received {
  constructor(scene) {
    this.scene = scene;
    this.last = -1;
    this.dx = new Float64Array(scene.x.values.length);
  }

  // What the outputs up to this one have added.
  upTo(last) {
    const [, W, C] = this.scene.x.shape;
    if (this.last > last) {
      this.last = -1;
      this.dx.fill(0);
    }
    while (this.last < last) {
      const place = pooledPlace(this.scene, ++this.last);
      for (const { row, column, share } of routeOf(this.scene, place))
        this.dx[(row * W + column) * C + place.c] += share;
    }
    return this.dx;
  }
}
