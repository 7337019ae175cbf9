// How one pixel of the result is made: its window, its products, their sums, the bias and the total.

import { css } from "../../shared/web/colour.js";
import { absMax, clamp, equals, inBrackets, number } from "../../shared/web/dom.js";
import { CHANNELS, colourPixels } from "./pixels.js";
import { shrinkText } from "./grid.js";

export const sumOf = (values) => values.reduce((sum, value) => sum + value, 0);
export const precise = (value) => number(value, 4); // so that what is printed nearly adds up to the total
const productsOf = (terms) => terms.map(({ value, weight }) => value * weight);

// What pixel n is made of in filter k and its channel c: a list of F·F {value, weight, inside}.
export function labTerms({ scene, x }, n, k, c) {
  const [H, W] = x.shape;
  const F = scene.w.shape[1];
  const { i, j } = labPlace(scene, n);
  const channel = scene.mode === "each" ? k : c;
  return Array.from({ length: F * F }, (_, at) => {
    const [u, v] = [Math.floor(at / F), at % F];
    const [row, column] = [scene.rows[i] + u, scene.columns[j] + v];
    const inside = row >= 0 && row < H && column >= 0 && column < W;
    return {
      value: inside ? x.at(row, column, channel) : 0,
      weight: scene.w.at(k, u, v, c),
      inside,
    };
  });
}

export function labPlace(scene, n) {
  const OW = scene.y.shape[1];
  return { i: Math.floor(n / OW), j: n % OW };
}

// The terms of each channel of the image: of the one filter, or each of the filter of that channel.
const labChannels = (drawing, n) =>
  Array.from({ length: drawing.x.shape[2] }, (_, c) =>
    drawing.scene.mode === "each" ? labTerms(drawing, n, c, 0) : labTerms(drawing, n, 0, c),
  );

// The pixel in every channel of the result, bias included.
export function labTotals(drawing, n) {
  const { w, b } = drawing.scene;
  const [K, , , C] = w.shape;
  const slice = (k, c) => sumOf(productsOf(labTerms(drawing, n, k, c)));
  const filter = (k) => sumOf(Array.from({ length: C }, (_, c) => slice(k, c)));
  return Array.from({ length: K }, (_, k) => b.at(k) + filter(k));
}

export function explainPixel(drawing, n) {
  const channels = labChannels(drawing, n);
  explainColours(drawing, n, channels);
  if (drawing.scene.mode === "grey") explainOne(drawing, n, channels[0]);
  else if (drawing.scene.mode === "mix") explainMix(drawing, n);
  else explainChannels(drawing, n, channels);
}

// The colours of the window, padding hatched, and the colour of the pixel it gives.
function explainColours(drawing, n, channels) {
  const { scene, dark, white } = drawing;
  drawing.patch.forEach((cell, at) => {
    const { inside } = channels[0][at];
    cell.setAttribute("class", inside ? "" : "padding");
    cell.style.fill = inside
      ? css(channels.map((terms) => Math.round(clamp((255 * terms[at].value) / white, 0, 255))))
      : "";
  });
  const { i, j } = labPlace(scene, n);
  const values = Array.from({ length: scene.y.shape[2] }, (_, k) => scene.y.at(i, j, k));
  const pixel = { shape: [1, 1, values.length], values };
  drawing.swatch.style.fill = css(
    colourPixels(pixel, (code) => drawing.decoded(code), drawing.limit, drawing.signed, dark),
  );
}

function explainOne(drawing, n, terms) {
  const { grids, layout, white, dark } = drawing;
  const products = productsOf(terms);
  // Padding is a zero that is stored nowhere: a cell without a colour.
  const shown = (term) => (term.inside ? term.value : "0");
  grids[0].paint((r, c) => shown(terms[r * layout.side + c]), white, "grey", dark);
  grids[1].paint((r, c) => products[r * layout.side + c], absMax(products), "signed", dark);
  tellTotal(drawing, n, [sumOf(products)]);
}

function explainChannels(drawing, n, channels) {
  const { grids, layout, scene, total, dark, say } = drawing;
  const products = channels.map(productsOf);
  const limit = absMax(products.flat());
  grids.forEach((grid, c) =>
    grid.paint((r, q) => products[c][r * layout.side + q], limit, "signed", dark),
  );
  if (scene.mode === "colour") return tellTotal(drawing, n, products.map(sumOf));
  total[0].textContent = say("filterlab.sums_apart");
  const sums = labTotals(drawing, n).map(
    (value, k) => `${say(`filterlab.channel_${CHANNELS[k]}`)} ${number(value)}`,
  );
  shrinkText(total[1], sums.join(" · "), totalRoom(drawing));
}

// Columns are the pixel's channels, rows the channels of the result.
function explainMix(drawing, n) {
  const { grids, heads, scene, sums, dark, say } = drawing;
  const term = (k) => (_, c) => labTerms(drawing, n, k, c)[0];
  const rows = CHANNELS.map((_, k) => CHANNELS.map(term(k)));
  const products = rows.map(productsOf);
  grids[0].paint((k, c) => products[k][c], absMax(products.flat()), "signed", dark);
  labTotals(drawing, n).forEach((value, k) => {
    const bias = scene.b.at(k) ? ` + ${inBrackets(scene.b.at(k))}` : "";
    heads[k].textContent = number(rows[0][k].value);
    sums[k].textContent = `${bias} = ${number(value)}  ${say(`filterlab.channel_${CHANNELS[k]}`)}`;
  });
}

// How wide the words beside the pixel at the foot may be.
const totalRoom = ({ layout }) =>
  layout.middleX + layout.middleWide - layout.swatch - 12 - layout.totalX;

function tellTotal(drawing, n, sums) {
  const { scene, total, say } = drawing;
  const room = totalRoom(drawing);
  const bias = scene.b.at(0);
  const place = labPlace(scene, n);
  const addend = (value, after) => (value < 0 && after ? `(${precise(value)})` : precise(value));
  shrinkText(
    total[0],
    say("filterlab.addends", { sums: sums.map(addend).join(" + "), bias: addend(bias, 1) }),
    room,
  );
  const value = sumOf(sums) + bias;
  const words = { ...place, equals: equals([...sums, bias], value, 4), total: precise(value) };
  shrinkText(total[1], say("filterlab.total", words), room);
}
