// Grids and words that stay legible: digits too small to read are left out, and text never leaves its room.

import { widthOf } from "../../shared/web/dom.js";
import { Slice } from "../../shared/web/slice.js";

const LEGIBLE = 9; // units of the drawing: smaller digits are not written

// A slice whose cells all have digits, or all but those of about 0, or none: colours alone are better than a blur.
export class LabGrid extends Slice {
  paint(value, limit, palette, dark) {
    super.paint(value, limit, palette, dark);
    const texts = this.digits.map((digit) => digit.textContent);
    const [written = texts.map(() => "")] = [texts, texts.map(withoutZero)].filter((all) =>
      all.every((text) => this.isLegible(text)),
    );
    this.digits.forEach((digit, n) => {
      const text = this.sizeOf(written[n]) < LEGIBLE ? "" : written[n];
      digit.textContent = text;
      digit.style.fontSize = `${this.sizeOf(text)}px`;
    });
  }

  sizeOf(text) {
    return this.cell * Math.min(0.56, 0.9 / (widthOf(text) || 1));
  }

  isLegible(text) {
    return this.sizeOf(text) >= LEGIBLE || /^−?0?\.00/.test(text);
  }
}

// "−0.33" is "−.33" where there is little room.
const withoutZero = (text) => text.replace(/^(−?)0\./, "$1.");

// Words in a text element of the drawing, smaller if they would not fit into `room`.
export function shrinkText(element, words, room) {
  element.textContent = words;
  element.style.fontSize = "";
  const wide = element.getComputedTextLength();
  if (wide > room)
    element.style.fontSize = `${(parseFloat(getComputedStyle(element).fontSize) * room) / wide}px`;
}
