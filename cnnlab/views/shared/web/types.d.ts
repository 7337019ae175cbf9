// What the views' JavaScript is handed: anywidget's model, the parts of a view's frame, arrays, cells.

/** The browser's side of a widget: its traits, and messages to Python. */
export interface Model {
  exported?: boolean; // on a page of its own, without a kernel
  get(trait: string): any;
  set(trait: string, value: unknown): void;
  save_changes(): void;
  send(message: object, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
  on(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
}

/** An array as Python sends it. */
export interface Packed {
  shape: number[];
  type: "float32" | "float64" | "int32" | "uint8" | "int8";
  data: DataView;
}

export interface Unpacked {
  shape: number[];
  values: ArrayLike<number> & Iterable<number>;
  at(...place: number[]): number;
}

export type Say = (key: string, values?: object) => string;

/** The parts of the frame of every view; `later` takes what is undone when the view is closed. */
export interface Parts {
  root: any;
  controls: HTMLElement;
  problem: HTMLElement;
  svgElement: any;
  lines: HTMLElement;
  caption: HTMLElement;
  scales: HTMLElement;
  spoken: HTMLElement;
  say: Say;
  later(close: () => void): void;
  darken(dark: boolean): void;
  close(): void;
}

export interface Repair {
  trait: string;
  value: unknown;
  words: string;
}

/** What does not fit, and the ways to repair it. */
export interface Problem {
  sentence: string;
  repairs: Repair[];
  mild?: boolean;
}

/** Output n with its first taps shown, its total if it is complete; outputs before `upto` are known. */
export interface Tick {
  n: number;
  taps: number;
  total: boolean;
  upto: number;
}

export interface Ticks {
  count: number;
  at(tick: number): Tick;
  tickOf(n: number): number;
}

/** What lies under the pointer: its kind and its place; `n` if it stands for output n. */
export type Cell = { kind: string; n?: number } & Record<string, any>;

/** All that a cell takes part in: lists of places, by what they are places of. */
export type Links = Record<string, any[]>;

/** Where a painted value goes. */
export interface Target {
  array: string;
  place: number[];
  value: number;
}

/** What a view tells its pointer. */
export interface PointerHooks {
  under(x: number, y: number): Cell | null; // the cell at a point of the drawing
  links(cell: Cell): Links;
  spot(cell: Cell): Links; // the cell itself
  light(kind: string, links: Links | null): void; // mark as "lit", "pinned" or "selected"
  words(cell: Cell, links: Links): string;
  show(cell: Cell | null): void; // while the cell is hovered
  chosen(cell: Cell): void; // by a click
  target(cell: Cell): Target | null; // null if it cannot be painted
  increment(): number;
  caption(sentence: string): void;
  send?(message: object): void; // to Python, if not just as it comes
  after?(cell: Cell): Cell | null; // the one to type in after it
}

/** What a view tells its predict mode. */
export interface PredictHooks {
  outputs(): number;
  ask(n: number): string; // the words before the field
  truth(n: number): number;
  mistake(n: number, value: number): string; // what a wrong value comes from
  guessed(): Map<number, number>; // the outputs that were guessed
  go(n: number): void;
  repaint(): void;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What outlines of cells can be drawn on. */
export interface Outlined {
  outline(cells?: any[], inset?: number): string;
}

/** What a view whose outputs are played one after another adds to SteppedView. */
export interface SteppedHooks extends PointerHooks, PredictHooks {
  newTicks(): Ticks;
  controls(bar: HTMLElement): void;
  hint(changeable: boolean): string; // can anything be changed?
  code(n: number): string;
  sentence(n: number): string;
  place(n: number): string;
  part(tick: Tick): string; // the present part of an output in words
  hidesTotal(): boolean;
}

/** What the drawing of such a view adds to SteppedDrawing. */
export interface SteppedDrawingHooks {
  moveWindow(at: Tick, share: number): void;
  paintTick(at: Tick): void; // all that a new tick changes
}
