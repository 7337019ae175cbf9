// Words in lines: a ledger set in a monospaced font as large as its box allows.

import { svg } from "./dom.js";

const LETTER = 0.61; // the width of a letter, in sizes of the font
const SMALLEST = 11;

// tokens: [{text, …}], each kept whole; leading is the height of a line, in sizes of the font. Returns {font, leading,
// lines}, where lines are lists of tokens with their column.
export function wordLines(tokens, { width, height }, largest, leading = 1.4) {
  for (let font = largest; ; font--) {
    const most = width / (LETTER * font);
    const lines = [[]];
    let used = 0;
    for (const token of tokens) {
      if (used && used + token.text.length > most) {
        lines.push([]);
        used = 0;
      }
      lines.at(-1).push({ ...token, column: used });
      used += token.text.length + 1;
    }
    const wide = Math.max(...tokens.map(({ text }) => text.length)) > most;
    if ((!wide && lines.length * font * leading <= height) || font <= SMALLEST)
      return { font, leading, lines };
  }
}

// Writes them into a group at (x, y); returns for each token its text element and its box {x, y, width}.
export function writeLines(group, { x, y }, { font, leading, lines }) {
  group.replaceChildren();
  return lines.flatMap((line, n) =>
    line.map((token) => {
      const at = { x: x + token.column * LETTER * font, y: y + (n + 0.8) * font * leading };
      svg(
        "text",
        { ...at, class: `ledger-word ${token.kind ?? ""}`, style: `font-size: ${font}px` },
        group,
        token.text,
      );
      return { token, ...at, letter: LETTER * font, font };
    }),
  );
}
