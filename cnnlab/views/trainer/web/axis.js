// The axes of the curves: steps that grow by factors, round ends, ticks, and the points that are nearest.

import { tenth } from "./layout.js";

const CROWDED = 4; // pixels

// The steps of a run grow by factors, and so does their axis: 0, 1, 10, 100, … lie about evenly.
export const stepAxis = (step) => Math.log1p(step);

// The next of 1, 2, 5, 10, … that is not smaller.
export function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= value * 0.999) ?? value;
}

// 1, 10, 100, … up to `most`.
export const powersOfTen = (most) =>
  Array.from({ length: Math.floor(Math.log10(most) + 1e-9) + 1 }, (_, n) => 10 ** n);

// Points that crowd within a few pixels become their mean, or a long run would end in a thick band.
export function smooth(points) {
  const heaps = new Map();
  for (const [px, py] of points) {
    const at = Math.round(px / CROWDED);
    const { n, x, y } = heaps.get(at) ?? { n: 0, x: 0, y: 0 };
    heaps.set(at, { n: n + 1, x: x + px, y: y + py });
  }
  return [...heaps.values()].map(({ n, x, y }) => [x / n, y / n].map(tenth));
}

// The largest value of all lines.
export function highest(...lines) {
  return Math.max(0, ...lines.flatMap(({ shape, values }) => [...values.slice(shape[1])])) || 1;
}

// The number of the checkpoint that lies nearest to a step.
export function nearestCheckpoint(checkpoints, step) {
  const far = checkpoints.map((checkpoint) => Math.abs(stepAxis(checkpoint) - stepAxis(step)));
  return Math.max(0, far.indexOf(Math.min(...far)));
}

// The [step, value] of a line that lies nearest to a step, or undefined.
export function nearestPoint({ shape: [, count], values }, step) {
  const far = (n) => Math.abs(stepAxis(values[n]) - stepAxis(step));
  const best = Array.from({ length: count }, (_, n) => n).reduce(
    (a, b) => (a === null || far(b) < far(a) ? b : a),
    null,
  );
  return best === null ? undefined : [values[best], values[count + best]];
}
