// The numbers behind a value of a unit: the terms of a window, the sums of all parts, the winner, and how they are written.

import { inBrackets, number } from "../../shared/web/dom.js";

export const printed = (value) => number(value, 4); // so that what is printed adds up to the total
export const addend = (value) => (value < 0 ? `(${printed(value)})` : printed(value));

// The terms of part p at place (i, j): [{row, column, u, v, inside, value, weight, product}], as explain.terms gives them.
export function termsAt(u, p, i, j) {
  const [H, W] = u.size;
  const found = [];
  for (const [row, a] of u.rows[i] ?? [])
    for (const [column, b] of u.columns[j] ?? []) {
      const inside = row >= 0 && row < H && column >= 0 && column < W;
      const value = inside ? u.maps[p][row * W + column] : 0;
      const weight = !u.w ? 1 : u.w.shape.length === 5 ? u.w.at(p, i, j, a, b) : u.w.at(p, a, b);
      found.push({
        row,
        column,
        u: a,
        v: b,
        inside,
        value,
        weight,
        product: inside ? value * weight : 0,
      });
    }
  return found;
}

// {sums: of each part, rest, bias, total} at a place.
export function sumsAt(u, i, j) {
  const sums = u.units.map((_, p) => u.y.at(p, i, j));
  const bias = u.bias
    ? u.bias.at(Math.min(i, u.bias.shape[0] - 1), Math.min(j, u.bias.shape[1] - 1))
    : null;
  return { sums, rest: u.rest ? u.rest.at(i, j) : 0, bias, total: u.result.at(i, j) };
}

// For sorting by size, the largest first.
export const bySize = (name) => (a, b) => Math.abs(b[name]) - Math.abs(a[name]);

// The first of the cells that have the largest value, or the first that is no number.
export function winnerOf(u, cells) {
  if (!u.largest) return -1;
  const hole = cells.findIndex(({ inside, value }) => inside && Number.isNaN(value));
  if (hole >= 0) return hole;
  const most = Math.max(...cells.filter(({ inside }) => inside).map(({ value }) => value));
  return cells.findIndex(({ inside, value }) => inside && value === most);
}

// The formula of a layer that treats values by themselves, with the numbers of a place.
export function valueWords(say, step, { x, y, ...where }, i, j) {
  const names = ["mean", "var", "eps", "weight", "bias"];
  const more = Object.fromEntries(
    names.filter((name) => name in step).map((name) => [name, inBrackets(step[name] ?? NaN)]),
  );
  if (step.eps) more.eps = String(step.eps);
  const scale = step.scale ? printed(step.scale.at(i, j)) : "";
  return say(`networkexplorer.value_${step.formula}`, {
    value: printed(x),
    x: addend(x),
    y: printed(y),
    scale,
    ...where,
    ...more,
  });
}
