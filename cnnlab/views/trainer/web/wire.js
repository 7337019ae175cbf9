// The connection of the Trainer's view to Python: is the kernel alive, is it busy, what is waited for?

import { sendMessage } from "../../shared/web/controls.js";

const SEEN_AFTER = 20; // looks: Python is metrics rarely, because each word to it makes the notebook's page busy, too
const PING_EVERY = 1000; // milliseconds, while it trains or something is asked
const PATIENCE = 1200; // milliseconds until a kernel that does not answer is called busy
const WAITS_AFTER = 250; // milliseconds until the button says that it waits

// busyChanged(busy): called when the kernel turns out to be busy, or to answer again; alive(): does it train?
export class Wire {
  constructor(model, { busyChanged, alive }) {
    this.model = model;
    this.busyChanged = busyChanged;
    this.alive = alive;
    this.looks = 0;
    this.asked = 0; // questions put, and answered
    this.answered = 0;
    this.sent = null; // when the last question was put
    this.busy = false;
    this.until = 0; // when it stops asking, unless something is touched again
    this.clock = model.exported ? null : setInterval(() => this.tick(), PING_EVERY / 4);
  }

  // Something was touched: find out whether the kernel answers.
  touched() {
    this.until = performance.now() + 3 * PING_EVERY;
    this.tick();
  }

  tick() {
    const now = performance.now();
    if (this.asked > this.answered) return now - this.sent > PATIENCE && this.turn(true);
    const due =
      !this.sent ||
      now - this.sent >= PING_EVERY ||
      (now < this.until && now - this.sent >= PING_EVERY / 4);
    if (!due || !(now < this.until || this.alive()) || document.hidden) return;
    this.sent = now;
    this.model.send({ kind: "ping", n: ++this.asked });
  }

  pong(n) {
    this.answered = Math.max(this.answered, n);
    if (this.answered === this.asked) this.turn(false);
    return this.answered;
  }

  turn(busy) {
    if (busy === this.busy) return;
    this.busy = busy;
    this.busyChanged(busy);
  }

  stateSeen() {
    if (++this.looks % SEEN_AFTER === 0) this.model.send({ kind: "seen" });
  }

  close() {
    clearInterval(this.clock);
    try {
      if (this.clock !== null) this.model.send({ kind: "gone" });
    } catch {
      // the model itself is gone, and training with it
    }
  }
}

// The Start button: what it asked for is waited for until the run's state says that it is so.
export class Switch {
  constructor(model, wire, controls) {
    this.model = model;
    this.wire = wire;
    this.controls = controls;
    this.wanted = null; // running or not, until it is so
    this.running = false;
    this.after = 0; // the last question put before it was pressed
    this.timer = null;
  }

  press() {
    this.wanted = !(this.wanted ?? this.running);
    this.after = this.wire.asked;
    sendMessage(this.model, { kind: this.wanted ? "start" : "pause" });
    this.wire.touched();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.paint(), WAITS_AFTER);
  }

  // What the run's state tells: it trains, or it rests.
  take(running) {
    this.running = running;
    if (this.wanted === running) this.wanted = null;
    this.paint();
  }

  // The kernel has answered a question that was put after the button was pressed: it has done what it could.
  settle(answered) {
    if (answered > this.after) this.wanted = null;
    this.paint();
  }

  paint() {
    this.controls.face(this.running, this.wanted !== null);
  }

  close() {
    clearTimeout(this.timer);
  }
}

// Bytes that came beside a message take their places in it.
export function withBuffers(value, buffers) {
  if (Array.isArray(value)) return value.map((inner) => withBuffers(inner, buffers));
  if (!value || typeof value !== "object") return value;
  if (typeof value.buffer === "number" && Object.keys(value).length === 1)
    return asView(buffers[value.buffer]);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withBuffers(inner, buffers)]),
  );
}

const asView = (data) => (ArrayBuffer.isView(data) ? data : new DataView(data));
