// The formula of a unit that adds up no weights: pooling with its window and winner, and all that changes single values.

import { number, set, svg } from "../../shared/web/dom.js";
import { printed, termsAt, valueWords, winnerOf } from "./terms.js";
import { colourOf, css, inkOn } from "../../shared/web/colour.js";
import { wordLines, writeLines } from "../../shared/web/lines.js";
import { endsOf, paletteOf } from "../../shared/web/maps.js";

export function paintFormula(decomposition, i, j) {
  const { u, ledger, drawing } = decomposition;
  ledger.replaceChildren();
  svg(
    "text",
    { x: 550, y: 48, class: "ledger-head", "text-anchor": "middle" },
    ledger,
    decomposition.headWords(i, j),
  );
  const words =
    u.rule === "window" ? paintCells(decomposition, i, j) : singleWords(decomposition, i, j);
  const box = { x: 330, y: u.rule === "window" ? 316 : 180, width: 440, height: 110 };
  const tokens = words.split(" ").map((text) => ({ text }));
  writeLines(svg("g", { class: "sums" }, ledger), box, wordLines(tokens, box, 19, 1.5));
  set(drawing.svgElement, {
    "data-ledger": JSON.stringify({ place: [i, j], total: u.result.at(i, j), words }),
  });
}

function singleWords({ u, drawing, scene }, i, j) {
  const [row, column] = [u.rows[i]?.[0]?.[0] ?? 0, u.columns[j]?.[0]?.[0] ?? 0];
  const x = u.maps[0][row * u.size[1] + column];
  const where = { row, column, unit: u.units[0], layer: scene.nodes[u.sources[0]].name };
  return valueWords(drawing.say, u, { x, y: u.result.at(i, j), ...where }, i, j);
}

const CELLS = { x: 550, y: 180, side: 220, largest: 62, digits: 34 };

// The window enlarged, its winner marked; returns the words of the formula.
function paintCells(decomposition, i, j) {
  const { u, ledger } = decomposition;
  const cells = termsAt(u, 0, i, j);
  const grid = cellGeometry(u.rows[i].length, u.columns[j].length);
  const colours = coloursOf(decomposition);
  cells.forEach((cell, n) => paintCell(decomposition, cell, grid.corner(n), grid.side, colours));
  const winner = winnerOf(u, cells);
  if (winner >= 0) {
    const { x, y } = grid.corner(winner);
    const d = `M${x} ${y}h${grid.side}v${grid.side}h${-grid.side}z`;
    for (const kind of ["mark-back", "mark-front"])
      svg("path", { d, class: `mark ${kind} lit` }, ledger);
  }
  return windowWords(decomposition, cells, winner, i, j);
}

function cellGeometry(high, wide) {
  const side = Math.min(CELLS.largest, CELLS.side / Math.max(high, wide));
  const left = CELLS.x - (wide * side) / 2;
  const top = CELLS.y - (high * side) / 2;
  const corner = (n) => ({ x: left + (n % wide) * side, y: top + Math.floor(n / wide) * side });
  return { side, corner };
}

// The colour of a value that is read, as a function: as in the map it comes from.
function coloursOf({ u, drawing, scene }) {
  const source = scene.nodes[u.sources[0]];
  const [low, end] = endsOf(scene, source, drawing.scope, source.units.indexOf(u.units[0]));
  return paletteOf(scene, source) === "grey"
    ? (value) => colourOf((value - low) / (end - low || 1), 1, "grey", drawing.dark)
    : (value) => colourOf(value, end, "signed", drawing.dark);
}

function paintCell({ ledger }, { inside, value }, { x, y }, side, colours) {
  const box = { x, y, width: side, height: side, class: inside ? "cell" : "padding" };
  const cell = svg("rect", box, ledger);
  if (inside) cell.style.fill = css(colours(value));
  if (side < CELLS.digits) return;
  const middle = {
    x: x + side / 2,
    y: y + side / 2 + 5,
    class: `term ${inside ? "" : "padding-digit"}`,
    "text-anchor": "middle",
  };
  const digit = svg("text", middle, ledger, inside ? number(value, 2) : "");
  if (inside) digit.style.fill = inkOn(colours(value));
}

function windowWords({ u, drawing: { say } }, cells, winner, i, j) {
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
