// What the ledger of the Convolution view holds at one place, forward and backward, and what the backward pass has
// added up to there.

import { absMax, equals, inBrackets, number } from "../../shared/web/dom.js";
import { outputPlace, tapsOf } from "./taps.js";

export function forwardEntries({ scene, say }, { i, j, k }, taps, at, predict) {
  const perChannel = taps[0].length;
  const products = taps.map((row) =>
    row.map(({ value, weight, inside }) => (inside ? value * weight : 0)),
  );
  const terms = taps.map((row, c) =>
    row.map((tap, n) => ({
      factors: `${number(tap.value, 2)}×${number(tap.weight, 2)}`,
      product: predict ? "?" : number(products[c][n]),
      value: predict ? 0 : products[c][n],
      shown: c * perChannel + n < at.taps,
    })),
  );
  const done = (c) => at.taps >= (c + 1) * perChannel;
  const sums = taps.map((_, c) => {
    if (predict) return "= ?";
    if (done(c)) return `= ${number(scene.sums.at(i, j, k, c))}`;
    const sofar = products[c].slice(0, Math.max(0, at.taps - c * perChannel));
    return sofar.length ? `${number(sofar.reduce((sum, product) => sum + product, 0))} + …` : "";
  });
  const foot = predict
    ? [[], [], [["= ?", "total"]]]
    : footOf({ scene, say }, { i, j, k }, taps, at, done);
  return {
    title: say("convolution.ledger", { i, j, k }),
    terms,
    sums,
    foot,
    limit: absMax(products.flat()),
  };
}

function footOf({ scene, say }, { i, j, k }, taps, at, done) {
  const parts = taps.map((_, c) => (done(c) ? bracketed(scene.sums.at(i, j, k, c), c) : "…"));
  const shown = parts.length > 5 ? [...parts.slice(0, 2), "…", ...parts.slice(-1)] : parts;
  const bias = [
    [`+ ${bracketed(scene.b.at(k), 1)}`, "bias"],
    [` ${say("convolution.b", { k })}`, "bias-name"],
  ];
  const y = scene.y.at(i, j, k);
  const addends = [...taps.map((_, c) => scene.sums.at(i, j, k, c)), scene.b.at(k)];
  const total = [[`${equals(addends, y)} ${number(y)}`, "total"]];
  return [[[shown.join(" + "), "sums"]], ...(at.total ? [bias, total] : [])];
}

// Each dy sends dy × w to dX and dy × x to dW.
export function backwardEntries({ scene, say }, { i, j, k }, taps) {
  const g = scene.dy.at(i, j, k);
  const terms = taps.map((row) =>
    row.map(({ value, weight, inside }) => ({
      factors: inside ? `dX ${signed(g * weight)}` : "—",
      product: `dW ${signed(inside ? g * value : 0)}`,
      value: inside ? g * weight : 0,
      shown: true,
    })),
  );
  const foot = [[[say("convolution.backward_foot", { g: number(g), k }), "sums"]]];
  return {
    title: say("convolution.backward_ledger", { k }),
    terms,
    sums: taps.map(() => ""),
    foot,
    limit: absMax(terms.flat().map((t) => t.value)),
  };
}

// A negative number after a plus sign stands in brackets.
const bracketed = (value, place) => (place ? inBrackets(value) : number(value));

const signed = (value) => (value > 0 ? "+" : "") + number(value, 2);

// What the outputs up to this one have added to dX, dW and db.
export function accumulate(scene, last) {
  const [, W, C] = scene.x.shape;
  const [, FH, FW, depth] = scene.w.shape;
  const sums = {
    dx: new Float64Array(scene.x.values.length),
    dw: new Float64Array(scene.w.values.length),
    db: new Float64Array(scene.b.values.length),
  };
  for (let n = 0; n <= last; n++) {
    const place = outputPlace(scene, n);
    const g = scene.dy.at(place.i, place.j, place.k);
    sums.db[place.k] += g;
    if (g === 0) continue;
    for (const tap of tapsOf(scene, place).flat()) {
      if (!tap.inside) continue;
      sums.dx[(tap.row * W + tap.column) * C + tap.channel] += g * tap.weight;
      sums.dw[((place.k * FH + tap.u) * FW + tap.v) * depth + tap.c] += g * tap.value;
    }
  }
  return sums;
}
