// Messages to Python about weights that are dragged: between two answers only the newest value waits.

import { sendMessage } from "../../shared/web/controls.js";
import { unpack } from "../../shared/web/dom.js";

const ANSWER_WITHIN = 600; // milliseconds; after that the next value is sent all the same

// Sends each message after the answer to the one before; of those about one weight the last alone is sent, and none that
// would change nothing.
export class PatientSender {
  constructor(model, later) {
    this.model = model;
    this.waiting = new Map();
    this.timer = null;
    const answered = () => this.next();
    model.on("change:scene", answered);
    later(() => {
      clearTimeout(this.timer);
      model.off("change:scene", answered);
    });
  }

  send(message) {
    if (this.timer !== null) {
      this.waiting.set(`${message.array} ${message.place}`, message);
      return;
    }
    if (this.isThere(message)) return;
    this.timer = setTimeout(() => this.next(), ANSWER_WITHIN);
    sendMessage(this.model, message);
  }

  // What waited longest, and what would change nothing is passed over.
  next() {
    clearTimeout(this.timer);
    this.timer = null;
    for (const [about, message] of this.waiting) {
      this.waiting.delete(about);
      this.send(message);
      if (this.timer !== null) return;
    }
  }

  isThere({ array, place, value }) {
    return unpack(this.model.get("scene")[array]).at(...place) === value;
  }
}
