// The sentence about what the pointer is on: a cell of the confusion matrix, a filter, a map, a layer, a curve.

import { number, percent, unpack } from "../../shared/web/dom.js";
import { nearestPoint } from "./axis.js";
import { thousands } from "./text.js";

export function hoverWords(drawing, px, py, target) {
  const { model, say, seen, runState } = drawing;
  if (!seen) return null;
  const cell = model.get("panel") === "confusion" && drawing.confusion.find(px, py);
  if (cell) return cellWords(drawing, cell, say);
  const row = target.closest?.("[data-layer]");
  if (row) return rowWords(seen, row.dataset.layer, target.dataset, say);
  return tileWords(drawing, px, py) ?? curveWords(drawing.curves, runState, px, py, say);
}

function cellWords({ model, seen }, [truth, answer], say) {
  const { classes } = model.get("scene");
  const count = unpack(seen.confusion).at(seen.shown.indexOf(truth), seen.shown.indexOf(answer));
  const key = truth === answer ? "trainer.cell_right" : "trainer.cell_wrong";
  return say(key, { count, truth: classes[truth], answer: classes[answer] });
}

function rowWords(seen, name, { filter, dead }, say) {
  const row = seen.table.find((entry) => entry.name === name);
  if (filter !== undefined) {
    const count = thousands(seen.evaluated_images);
    const words = { k: Number(filter), name, count, step: thousands(seen.evaluated_step) };
    return say(dead === "true" ? "trainer.light_dead" : "trainer.light_lit", words);
  }
  if (row.ratio === null) return say("trainer.row_unknown", { name });
  return say("trainer.row", { name, gradient: number(row.gradient), ratio: percent(row.ratio) });
}

function tileWords({ filters, maps, seen, model, say }, px, py) {
  const filter = filters.find(px, py);
  if (filter) {
    const key = filters.plan.slices ? "trainer.over_slice" : "trainer.over_filter";
    return say(key, { k: filter.k, c: filter.c, name: seen.filters.name });
  }
  const map = maps.find(px, py);
  if (!map) return null;
  if (!seen.maps.flat) return say("trainer.over_map", { k: map.k });
  const { classes, layers } = model.get("scene");
  const last = model.get("layer") === layers.length - 1 && classes.length === seen.maps.count;
  const value = number((unpack(seen.maps.tiles).values[map.k] / 127) * seen.maps.limit, 2);
  return last
    ? say("trainer.over_score", { name: classes[map.k], value })
    : say("trainer.over_number", { k: map.k, value });
}

function curveWords(curves, runState, px, py, say) {
  const step = curves.find(px, py);
  if (step === null) return null;
  const chart = curves.at(px, py);
  const near = chart.shown.filter(Boolean).map((line) => nearestPoint(line, step));
  const [train, held] = near;
  if (!train && !held) return null;
  const words = {
    name: chart.name,
    step: thousands((train ?? held)[0]),
    training: chart.words((train ?? [0, NaN])[1]),
  };
  return held
    ? say("trainer.over_curve", { ...words, held: chart.words(held[1]) })
    : say("trainer.over_curve_trained", words);
}
