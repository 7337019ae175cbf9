// The smallest tools of every view: elements, words from the table of texts, numbers as people write them.

const SVG = "http://www.w3.org/2000/svg";

export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : value);
  }
  return element;
}

export function svg(tag, attributes = {}, parent = null, text = null) {
  const element = set(document.createElementNS(SVG, tag), attributes);
  if (text !== null) element.textContent = text;
  parent?.append(element);
  return element;
}

export function html(tag, attributes = {}, parent = null, text = null) {
  const element = set(document.createElement(tag), attributes);
  if (text !== null) element.textContent = text;
  parent?.append(element);
  return element;
}

// Give an SVG parent these children, each [tag, attributes, words or children]. What is so already is not touched: a
// drawing that is painted many times a second costs what changes in it.
export function reconcile(parent, wanted) {
  wanted.forEach(([tag, attributes, inside = ""], n) => {
    const there = parent.children[n];
    const child = there?.tagName === tag ? there : svg(tag);
    if (!there) parent.append(child);
    else if (there !== child) there.replaceWith(child);
    setChanged(child, attributes);
    if (Array.isArray(inside)) reconcile(child, inside);
    else setText(child, inside);
  });
  while (parent.children.length > wanted.length) parent.lastElementChild.remove();
}

export function setChanged(element, attributes) {
  const before = element.attributesBefore ?? {};
  for (const name of Object.keys({ ...before, ...attributes }))
    if (before[name] !== attributes[name]) set(element, { [name]: attributes[name] });
  element.attributesBefore = attributes;
}

export function setText(element, words) {
  if (element.textContent !== String(words)) element.textContent = words;
}

// "row {row}" with {row: 2} is "row 2".
export function interpolate(template, values = {}) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

// Returns say(key, values): the words of this language. A key without words shows itself, so that it is seen.
export function translator(model) {
  return (key, values) => interpolate(model.get("texts")[key] ?? key, values);
}

// As cnnlab/numbers.py writes a number: whole ones in full, else at most `places` digits, or decimals below 1, but none
// before the point is lost; what is not 0 is not written as 0; a true minus sign.
export function number(value, places = 3) {
  if (Number.isNaN(value)) return "NaN";
  const size = Math.abs(value);
  return (value < 0 ? "−" : "") + (size === Infinity ? "∞" : sized(size, places));
}

// The sign between addends and their total: "≈" where, rounded as they are written, they do not add up to it.
export function equals(addends, total, places = 3) {
  const written = (value) => Number(number(value, places).replace("−", "-"));
  const apart = addends.reduce((sum, value) => sum + written(value), 0) - written(total);
  return Math.abs(apart) > 1e-9 * Math.max(1, Math.abs(total)) ? "≈" : "=";
}

// A share in per cent, as cnnlab/numbers.py writes it.
export const percent = (share, places = 3) =>
  Number.isNaN(share) ? "NaN" : `${number(100 * share, places)} %`;

function sized(size, places) {
  if (Number.isInteger(size) && size < 1e6) return String(size);
  const text = fixed(size, places);
  if (Number(text) >= 1e6) return power(size, places);
  if (Number(text)) return text;
  const longer = fixed(size, places + 1);
  return Number(longer) ? longer : power(size, 1);
}

const withoutZeros = (digits) => (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);

function fixed(size, places) {
  if (size >= 1e6) return String(size);
  return withoutZeros(
    size.toFixed(size < 1 ? places : Math.max(0, places - String(Math.floor(size)).length)),
  );
}

function power(size, places) {
  const [digits, exponent] = size.toExponential(places - 1).split("e");
  return `${withoutZeros(digits)}e${Number(exponent)}`.replace("-", "−");
}

// About how wide a word is, in sizes of its font: signs are wide, points narrow.
export function widthOf(text) {
  return [...text].reduce(
    (wide, letter) => wide + ("−+×=".includes(letter) ? 0.84 : ".,".includes(letter) ? 0.32 : 0.64),
    0,
  );
}

// Inside a sum or a product a negative number stands in brackets.
export const inBrackets = (value) => (value < 0 ? `(${number(value)})` : number(value));

// A word that has this many letters at most.
export const shortWord = (word, most) =>
  word.length <= most ? word : `${word.slice(0, Math.max(1, Math.floor(most) - 1))}…`;

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// An array from Python: {shape, type, data} where data are the bytes. It becomes {shape, values, at(...place)}.
const TYPES = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  int8: Int8Array,
};

export function unpack(packed) {
  const { buffer, byteOffset, byteLength } = packed.data;
  const Type = TYPES[packed.type];
  // A copy, because a typed array must begin at a multiple of its item size.
  const values = new Type(buffer.slice(byteOffset, byteOffset + byteLength));
  const strides = packed.shape.map((_, axis) =>
    packed.shape.slice(axis + 1).reduce((a, b) => a * b, 1),
  );
  const flat = (place) => place.reduce((sum, p, axis) => sum + p * strides[axis], 0);
  return { shape: packed.shape, values, at: (...place) => values[flat(place)] };
}

// The largest magnitude, and 1 for an array of zeros, so that it can be divided by.
export function absMax(values) {
  let largest = 0;
  for (const value of values)
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest || 1;
}
