// The formula of a unit that adds up no weights: pooling with its window and winner, and all that changes single values.

import { inBrackets, number, set, svg } from "../../shared/web/dom.js";
import { addend, printed, termsAt } from "./terms.js";
import { colourOf, css, inkOn } from "../../shared/web/colour.js";
import { wordLines, writeLines } from "../../shared/web/lines.js";
import { endsOf, paletteOf } from "../../shared/web/maps.js";

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

export function paintFormula(view, i, j) {
  const { u, ledger, picture } = view;
  ledger.replaceChildren();
  svg(
    "text",
    { x: 550, y: 48, class: "ledger-head", "text-anchor": "middle" },
    ledger,
    view.headWords(i, j),
  );
  const words = u.rule === "window" ? paintCells(view, i, j) : singleWords(view, i, j);
  const box = { x: 330, y: u.rule === "window" ? 316 : 180, width: 440, height: 110 };
  const tokens = words.split(" ").map((text) => ({ text }));
  writeLines(svg("g", { class: "sums" }, ledger), box, wordLines(tokens, box, 19, 1.5));
  set(picture.drawing, {
    "data-ledger": JSON.stringify({ place: [i, j], total: u.result.at(i, j), words }),
  });
}

function singleWords({ u, picture, scene }, i, j) {
  const [row, column] = [u.rows[i]?.[0]?.[0] ?? 0, u.columns[j]?.[0]?.[0] ?? 0];
  const x = u.maps[0][row * u.size[1] + column];
  const where = { row, column, unit: u.units[0], layer: scene.nodes[u.sources[0]].name };
  return valueWords(picture.say, u, { x, y: u.result.at(i, j), ...where }, i, j);
}

const CELLS = { x: 550, y: 180, side: 220, largest: 62, digits: 34 };

// The window enlarged, its winner marked; returns the words of the formula.
function paintCells(view, i, j) {
  const { u, ledger, picture, scene } = view;
  const cells = termsAt(u, 0, i, j);
  const [high, wide] = [u.rows[i].length, u.columns[j].length];
  const side = Math.min(CELLS.largest, CELLS.side / Math.max(high, wide));
  const [left, top] = [CELLS.x - (wide * side) / 2, CELLS.y - (high * side) / 2];
  const source = scene.nodes[u.sources[0]];
  const [low, end] = endsOf(scene, source, picture.scope, source.units.indexOf(u.units[0]));
  const winner = winnerOf(u, cells);
  cells.forEach(({ inside, value }, n) => {
    const [x, y] = [left + (n % wide) * side, top + Math.floor(n / wide) * side];
    const grey = paletteOf(scene, source) === "grey";
    const rgb = grey
      ? colourOf((value - low) / (end - low || 1), 1, "grey", picture.dark)
      : colourOf(value, end, "signed", picture.dark);
    const cell = svg(
      "rect",
      { x, y, width: side, height: side, class: inside ? "cell" : "padding" },
      ledger,
    );
    if (inside) cell.style.fill = css(rgb);
    if (side < CELLS.digits) return;
    const digit = svg(
      "text",
      {
        x: x + side / 2,
        y: y + side / 2 + 5,
        class: `term ${inside ? "" : "padding-digit"}`,
        "text-anchor": "middle",
      },
      ledger,
      inside ? number(value, 2) : "",
    );
    if (inside) digit.style.fill = inkOn(rgb);
  });
  if (winner >= 0) {
    const outline = `M${left + (winner % wide) * side} ${top + Math.floor(winner / wide) * side}h${side}v${side}h${-side}z`;
    for (const kind of ["mark-back", "mark-front"])
      svg("path", { d: outline, class: `mark ${kind} lit` }, ledger);
  }
  return windowWords(view, cells, winner, i, j);
}

// The first of the cells that have the largest value, or the first that is no number.
function winnerOf(u, cells) {
  if (!u.largest) return -1;
  const hole = cells.findIndex(({ inside, value }) => inside && Number.isNaN(value));
  if (hole >= 0) return hole;
  const most = Math.max(...cells.filter(({ inside }) => inside).map(({ value }) => value));
  return cells.findIndex(({ inside, value }) => inside && value === most);
}

function windowWords({ u, picture: { say } }, cells, winner, i, j) {
  const inside = cells.filter((cell) => cell.inside);
  const summand = (value) => (u.p ? Math.abs(value) ** u.p : value);
  const sum = inside.reduce((total, { value }) => total + summand(value), 0);
  return say(`networkexplorer.window_${u.formula}`, {
    count: inside.length,
    y: printed(u.result.at(i, j)),
    row: cells[winner]?.row,
    column: cells[winner]?.column,
    p: u.p,
    sum: printed(sum),
    divisor: u.divisors?.at(i, j),
  });
}
