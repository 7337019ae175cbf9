// The ledger of a sum: the window of one part as value × weight, the sums of all parts, the bias and the total.

import { DECOMPOSED, REST } from "./decomposition_elements.js";
import { NE } from "./layout.js";
import { colourOf, css, inkOn } from "../../shared/web/colour.js";
import { equals, number, set, svg } from "../../shared/web/dom.js";
import { wordLines, writeLines } from "../../shared/web/lines.js";
import { endsOf, paletteOf } from "../../shared/web/maps.js";
import { addend, bySize, printed, sumsAt, termsAt, valueWords } from "./terms.js";

const LEDGER = {
  x: DECOMPOSED.ledger,
  wide: NE.wide - DECOMPOSED.ledger - 6,
  grid: 66,
  cells: 25,
  list: 9,
};

export function paintSums(decomposition, i, j) {
  const { u, rows, ledger, drawing } = decomposition;
  const { sums, rest, bias, total } = sumsAt(u, i, j);
  const largest = rows.reduce(
    (best, { p }) => (Math.abs(sums[p]) > Math.abs(sums[best]) ? p : best),
    rows[0].p,
  );
  const focus = decomposition.focus ?? largest;
  for (const row of rows) {
    row.sum.textContent = printed(sums[row.p]);
    row.sum.classList.toggle("lit", row.p === focus);
  }
  const shownSum = rows.reduce((sum, { p }) => sum + sums[p], 0);
  const othersSum = sums.reduce((sum, value) => sum + value, rest) - shownSum;
  if (decomposition.others) decomposition.restSum.textContent = printed(othersSum);
  if (bias !== null) paintBias(decomposition, bias);
  ledger.replaceChildren();
  svg("text", { x: LEDGER.x, y: 48, class: "ledger-head" }, ledger, decomposition.headWords(i, j));
  const foot =
    focus === REST
      ? paintOthers(decomposition, sums, rest)
      : paintWindow(decomposition, focus, i, j, sums[focus]);
  const tokens = [
    ...sumTokens(decomposition, sums, othersSum, bias, total),
    ...thenTokens(decomposition, i, j),
    ...softmaxTokens(decomposition),
  ];
  const box = { x: LEDGER.x, y: foot + 6, width: LEDGER.wide, height: NE.high - foot - 8 };
  writeLines(svg("g", { class: "sums" }, ledger), box, wordLines(tokens, box, 16));
  set(drawing.svgElement, {
    "data-ledger": JSON.stringify({
      place: [i, j],
      part: u.units[focus] ?? null,
      sums,
      rest: othersSum,
      bias,
      total,
    }),
  });
}

function paintBias({ biasCell, biasWord, limits, drawing }, bias) {
  const rgb = colourOf(bias, limits.y, "signed", drawing.dark);
  biasCell.style.fill = css(rgb);
  biasWord.style.fill = inkOn(rgb);
  biasWord.textContent = printed(bias);
}

// The window of the part in focus, each cell its value over its weight, or a list of its largest products. Returns where
// it ends.
function paintWindow(decomposition, p, i, j, sum) {
  const { u, ledger, drawing } = decomposition;
  const { say } = drawing;
  const terms = termsAt(u, p, i, j);
  const high = (u.rows[i] ?? []).length;
  if (!u.w || !high) return LEDGER.grid - 14;
  const words = { unit: u.units[p], sum: printed(sum) };
  const line = (y, key, more = {}) =>
    svg("text", { x: LEDGER.x, y, class: "ledger-line" }, ledger, say(key, { ...words, ...more }));
  if (terms.length === 1) return paintPairs(decomposition, i, j);
  line(LEDGER.grid, "networkexplorer.window");
  if (terms.length > LEDGER.cells) return paintList(decomposition, terms, line);
  const wide = terms.length / high;
  const [cell, tall] = [Math.min(78, LEDGER.wide / wide), Math.min(50, 196 / high)];
  const source = decomposition.scene.nodes[u.sources[p]];
  const ends = endsOf(decomposition.scene, source, drawing.scope, source.units.indexOf(u.units[p]));
  terms.forEach((term, n) => {
    const [x, y] = [LEDGER.x + (n % wide) * cell, LEDGER.grid + 8 + Math.floor(n / wide) * tall];
    paintTerm(decomposition, term, { x, y, width: cell - 8, height: tall - 6 }, ends, source);
  });
  const foot = LEDGER.grid + 8 + high * tall + 14;
  line(foot, "networkexplorer.window_sum");
  return foot + 4;
}

function paintTerm(
  decomposition,
  { inside, value, weight },
  { x, y, width, height },
  ends,
  source,
) {
  const { ledger, drawing, limits, scene } = decomposition;
  const half = height / 2;
  const grey = paletteOf(scene, source) === "grey";
  const share = grey ? (value - ends[0]) / (ends[1] - ends[0] || 1) : value / ends[1];
  const top = inside ? colourOf(share, 1, grey ? "grey" : "signed", drawing.dark) : null;
  const cells = [
    [y, top, inside ? number(value, 3) : "0"],
    [y + half, colourOf(weight, limits.w, "signed", drawing.dark), `× ${number(weight, 3)}`],
  ];
  for (const [at, rgb, words] of cells) {
    const made = svg(
      "rect",
      { x, y: at, width, height: half, class: rgb ? "cell" : "padding" },
      ledger,
    );
    if (rgb) made.style.fill = css(rgb);
    const text = svg(
      "text",
      {
        x: x + width / 2,
        y: at + half / 2 + 4.5,
        class: `term ${rgb ? "" : "padding-digit"}`,
        "text-anchor": "middle",
      },
      ledger,
      words,
    );
    if (rgb) text.style.fill = inkOn(rgb);
  }
}

// The largest products of a large window, and all others together.
function paintList(decomposition, terms, line) {
  const shown = [...terms].sort(bySize("product")).slice(0, LEDGER.list);
  const others =
    terms.reduce((sum, { product }) => sum + product, 0) -
    shown.reduce((sum, { product }) => sum + product, 0);
  shown.forEach((term, n) => {
    const place = {
      row: term.row,
      column: term.column,
      value: addend(term.value),
      weight: addend(term.weight),
      product: printed(term.product),
    };
    line(LEDGER.grid + 20 + 18 * n, "networkexplorer.term", place);
  });
  const foot = LEDGER.grid + 20 + 18 * shown.length;
  line(foot, "networkexplorer.other_terms", {
    count: terms.length - shown.length,
    others: printed(others),
  });
  return foot + 4;
}

const OTHERS = { across: 3, down: 8 };

// The parts that have no row, each with what it gives: the strongest, and all others together.
function paintOthers({ u, rows, order, others, ledger, drawing: { say } }, sums, rest) {
  const shown = rows.map(({ p }) => p);
  const left = order
    .filter((p) => !shown.includes(p))
    .map((p) => ({ p, sum: sums[p] }))
    .sort(bySize("sum"));
  const room = OTHERS.across * OTHERS.down;
  const words = left
    .slice(0, room)
    .map(({ p, sum }) => say("networkexplorer.other", { unit: u.units[p], sum: printed(sum) }));
  const last = left.slice(room).reduce((total, { sum }) => total + sum, rest);
  const line = (x, y, text) => svg("text", { x, y, class: "ledger-line" }, ledger, text);
  line(LEDGER.x, LEDGER.grid + 4, say("networkexplorer.others_list", { count: others }));
  const down = Math.ceil(words.length / OTHERS.across);
  words.forEach((text, n) =>
    line(
      LEDGER.x + Math.floor(n / down) * (LEDGER.wide / OTHERS.across),
      LEDGER.grid + 26 + 18 * (n % down),
      text,
    ),
  );
  const foot = LEDGER.grid + 26 + 18 * down;
  if (others === words.length) return foot;
  line(
    LEDGER.x,
    foot,
    say("networkexplorer.other_rest", { count: others - words.length, sum: printed(last) }),
  );
  return foot + 18;
}

// Where each part gives a single product: the largest of them.
function paintPairs(decomposition, i, j) {
  const { u, ledger, drawing } = decomposition;
  const pairs = u.units
    .map((unit, p) => ({ unit, ...termsAt(u, p, i, j)[0] }))
    .sort(bySize("product"))
    .slice(0, LEDGER.list);
  pairs.forEach(({ unit, value, weight, product }, n) => {
    const words = drawing.say("networkexplorer.pair", {
      unit,
      value: addend(value),
      weight: addend(weight),
      product: printed(product),
    });
    svg("text", { x: LEDGER.x, y: LEDGER.grid + 4 + 19 * n, class: "ledger-line" }, ledger, words);
  });
  return LEDGER.grid + 19 * pairs.length;
}

// The sums of the rows, of all others together, the bias, and what they make.
function sumTokens(decomposition, sums, others, bias, total) {
  const {
    drawing: { say },
    rows,
  } = decomposition;
  const tokens = rows.map(({ p }, n) => ({
    text: `${n ? "+ " : ""}${n ? addend(sums[p]) : printed(sums[p])}`,
  }));
  const more = say("networkexplorer.of_others", { count: decomposition.others });
  if (decomposition.others) tokens.push({ text: `+ ${addend(others)} ${more}` });
  const name = say("networkexplorer.of_bias");
  if (bias !== null) tokens.push({ text: `+ ${addend(bias)} ${name}` });
  const addends = [...rows.map(({ p }) => sums[p]), decomposition.others ? others : 0, bias ?? 0];
  return [...tokens, { text: `${equals(addends, total, 4)} ${printed(total)}`, kind: "total" }];
}

function thenTokens(decomposition, i, j) {
  let before = decomposition.u.result.at(i, j);
  return decomposition.thens.flatMap((step) => {
    const y = step.y.at(i, j);
    const words = valueWords(decomposition.drawing.say, step, { x: before, y }, i, j);
    before = y;
    return `→ ${words}`.split(" ").map((text) => ({ text, kind: "then" }));
  });
}

// A logit goes on into the softmax.
function softmaxTokens({ u, scene, drawing: { scores } }) {
  const at =
    u.node === scene.nodes.length - 1 && scene.softmax ? scene.softmax.numbers.indexOf(u.unit) : -1;
  if (at < 0) return [];
  return scores
    .words(scene, at, "networkexplorer.softmax_short")
    .split(" | ")
    .map((text) => ({ text, kind: "then" }));
}
