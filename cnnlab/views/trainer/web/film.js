// The film under the drawing: its moments lie as far apart as the steps grow, and the last tick is the net as it is now.

import { button, onTrait, sendMessage } from "../../shared/web/controls.js";
import { html, set } from "../../shared/web/dom.js";
import { playBar, Player } from "../../shared/web/player.js";
import { thousands } from "./text.js";

const MOMENTS_A_SECOND = 3;
const NOW_TICK = -1;

export class Film {
  // moments(): the steps of all moments; chosen(moment): −1 is now.
  constructor(parts, model, { moments, chosen }) {
    this.say = parts.say;
    this.moments = moments;
    this.bar = null;
    const box = html("div", { class: "film" });
    parts.lines.after(box);
    html("strong", {}, box, this.say("trainer.film"));
    const momentOf = (tick) => (tick >= moments().length ? NOW_TICK : tick);
    this.player = new Player(model, {
      ticks: () => moments().length + 1,
      rate: () => MOMENTS_A_SECOND,
      changed: (tick) => chosen(momentOf(tick)),
      paint: () => this.bar?.update(),
    });
    this.bar = playBar(box, model, this.player, this.say);
    this.shown = html("output", { class: "moment-shown" }, box);
    this.back = this.backButton(box, model);
    onTrait(model, "playing", () => this.bar.update(), parts.root);
  }

  backButton(box, model) {
    const { say } = this;
    const send = () => sendMessage(model, { kind: "go_back" });
    const more = { class: "needs-kernel" };
    return button(box, say("trainer.go_back"), say("trainer.go_back_long"), send, more);
  }

  update(moment) {
    const { player, say } = this;
    const moments = this.moments();
    const past = moment >= 0 && moment < moments.length;
    const tick = past ? moment : moments.length;
    if (player.tick !== tick) player.show(tick);
    this.bar.update();
    this.shown.textContent = past
      ? say("trainer.moment", { step: thousands(moments[moment]) })
      : say("trainer.now");
    set(this.back, { disabled: !past });
  }
}
