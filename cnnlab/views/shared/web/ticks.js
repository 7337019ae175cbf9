// The ticks of a play bar: what one movement of the clock shows, by the granularity that is chosen.

/** @typedef {import("./types.js").Tick} Tick */

// The ticks where an output takes `parts` steps and one more for its total; or one step an output; or, for
// rows of `row` outputs, one step a row. at(tick) = {n, taps, total, upto}: output n with its first taps shown, its
// total if it is complete; outputs before `upto` are known.
/** @returns {import("./types.js").Ticks} */
export function outputTicks(outputs, granularity, parts, row = 1) {
  const whole = (n) => ({ n, taps: parts, total: true, upto: n });
  if (!outputs)
    return { count: 1, at: () => ({ n: 0, taps: 0, total: false, upto: 0 }), tickOf: () => 0 };
  if (granularity === "row")
    return {
      count: outputs / row,
      at: (tick) => whole((tick + 1) * row - 1),
      tickOf: (n) => Math.floor(n / row),
    };
  if (granularity === "output") return { count: outputs, at: whole, tickOf: (n) => n };
  const each = parts + 1;
  const at = (tick) => {
    const [n, part] = [Math.floor(tick / each), tick % each];
    return part === parts ? whole(n) : { n, taps: part + 1, total: false, upto: n };
  };
  return { count: outputs * each, at, tickOf: (n) => (n + 1) * each - 1 };
}
