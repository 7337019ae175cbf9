// Short words in the drawing: numbers of the scores, and text that is made smaller where it has no room.

import { clamp, number } from "../../shared/web/dom.js";

export const tiny = (value) => (value > 0 && value < 0.001 ? "<.001" : number(value, 3));

// Words in a text element, smaller if they would not fit into `room`, but never too small to read.
export function fitText(element, words, room, largest = 14, letter = 0.56) {
  element.textContent = words;
  element.style.fontSize = `${clamp(room / (letter * words.length), 12, largest)}px`;
}
