// Colours of values. Signed values share one scale symmetric about zero, red positive and blue negative as in
// cnnlab.figures; images are grey. A dark theme has a dark zero, and digits are black or white, whichever reads better.

import { clamp, html, number } from "./dom.js";

// What is no number has a colour that no value has.
export const HOLE = [214, 120, 214];

const ENDS = {
  light: { zero: [248, 248, 248], positive: [206, 58, 60], negative: [56, 116, 190] },
  dark: { zero: [52, 54, 60], positive: [244, 122, 100], negative: [112, 172, 246] },
};

export function isDark() {
  const body = document.body;
  if (body.dataset.jpThemeLight !== undefined) return body.dataset.jpThemeLight !== "true";
  if (
    body.classList.contains("vscode-dark") ||
    document.documentElement.getAttribute("theme") === "dark"
  )
    return true;
  if (body.classList.contains("vscode-light")) return false;
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

// Calls `changed(dark)` at every change of theme; returns the way to stop.
export function watchTheme(changed) {
  const tell = () => changed(isDark());
  const observer = new MutationObserver(tell);
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ["data-jp-theme-light", "class"],
  });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", tell);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", tell);
  };
}

const mix = (from, to, share) =>
  from.map((start, c) => Math.round(start + (to[c] - start) * share));

// The colour of a value as [red, green, blue]: `palette` is "signed" (−limit to limit) or "grey" (0 to limit).
export function colourOf(value, limit, palette, dark) {
  if (!Number.isFinite(value)) return HOLE;
  if (palette === "grey") return mix([8, 8, 8], [255, 255, 255], clamp(value / limit, 0, 1));
  const { zero, positive, negative } = ENDS[dark ? "dark" : "light"];
  const share = clamp(Math.abs(value) / limit, 0, 1);
  return mix(zero, value < 0 ? negative : positive, share ** 0.8);
}

export const css = (rgb) => `rgb(${rgb[0]},${rgb[1]},${rgb[2]})`;

function luminance(rgb) {
  const [r, g, b] = rgb.map((c) =>
    c / 255 <= 0.04045 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// Black or white: whichever has the larger contrast, which is never below 4.5.
export const inkOn = (rgb) => (luminance(rgb) > 0.179 ? "#000" : "#fff");

// Every cell of a filter has a hue; the input cell it multiplies wears it too. The hues lie evenly round the circle, in
// an order in which neighbours along a row, a column or a diagonal differ as widely as they can.
export function hueOf(place, places, dark, columns = places) {
  const degrees = (360 * ((place * hueStride(places, columns)) % places)) / places;
  return `hsl(${Math.round(degrees)} ${dark ? 85 : 80}% ${dark ? 62 : 42}%)`;
}

const hueStrides = new Map();

function hueStride(places, columns) {
  const key = `${places},${columns}`;
  if (!hueStrides.has(key)) {
    const steps = columns < places ? [1, columns, columns + 1, columns - 1] : [1];
    const gap = (turn) => Math.abs(turn - Math.round(turn));
    const nearest = (stride) =>
      Math.min(...steps.map((step) => gap((stride * step) / places) + (step ? 0 : 1)));
    const strides = Array.from({ length: places }, (_, n) => n + 1).filter((stride) =>
      coprime(stride, places),
    );
    hueStrides.set(
      key,
      strides.reduce((best, stride) => (nearest(stride) > nearest(best) + 1e-9 ? stride : best)),
    );
  }
  return hueStrides.get(key);
}

const coprime = (a, b) => (b === 0 ? a === 1 : coprime(b, a % b));

// A bar with its name from −limit over 0 to limit, or from 0 to limit for grey.
export function legend(parent, name, limit, palette, dark) {
  const box = html("span", { class: "legend" }, parent);
  html("code", {}, box, name);
  html("span", {}, box, number(palette === "grey" ? 0 : -limit));
  const steps = Array.from({ length: 9 }, (_, n) =>
    palette === "grey" ? (limit * n) / 8 : limit * (n / 4 - 1),
  );
  const stops = steps.map((value) => css(colourOf(value, limit, palette, dark)));
  html(
    "span",
    { class: "legend-bar", style: `background: linear-gradient(to right, ${stops.join(", ")})` },
    box,
  );
  html("span", {}, box, number(limit));
}
