// The film under the drawing: its checkpoints lie as far apart as the steps grow, and the last tick is the net as it is now.

import { button, onTrait, sendMessage } from "../../shared/web/controls.js";
import { html, set } from "../../shared/web/dom.js";
import { playBar, Player } from "../../shared/web/player.js";
import { thousands } from "./text.js";

const CHECKPOINTS_A_SECOND = 3;
const NOW_TICK = -1;

export class Film {
  // checkpoints(): the steps of all checkpoints; chosen(checkpoint): −1 is now.
  constructor(parts, model, { checkpoints, chosen }) {
    this.say = parts.say;
    this.checkpoints = checkpoints;
    this.bar = null;
    const box = html("div", { class: "film" });
    parts.lines.after(box);
    html("strong", {}, box, this.say("trainer.film"));
    const checkpointOf = (tick) => (tick >= checkpoints().length ? NOW_TICK : tick);
    this.player = new Player(model, {
      ticks: () => checkpoints().length + 1,
      ticksPerSecond: () => CHECKPOINTS_A_SECOND,
      changed: (tick) => chosen(checkpointOf(tick)),
      paint: () => this.bar?.update(),
    });
    this.bar = playBar(box, model, this.player, this.say);
    this.shown = html("output", { class: "checkpoint-shown" }, box);
    this.back = this.backButton(box, model);
    onTrait(model, "playing", () => this.bar.update(), parts.root);
  }

  backButton(box, model) {
    const { say } = this;
    const send = () => sendMessage(model, { kind: "go_back" });
    const more = { class: "needs-kernel" };
    return button(box, say("trainer.go_back"), say("trainer.go_back_long"), send, more);
  }

  update(checkpoint) {
    const { player, say } = this;
    const checkpoints = this.checkpoints();
    const past = checkpoint >= 0 && checkpoint < checkpoints.length;
    const tick = past ? checkpoint : checkpoints.length;
    if (player.tick !== tick) player.show(tick);
    this.bar.update();
    this.shown.textContent = past
      ? say("trainer.checkpoint", { step: thousands(checkpoints[checkpoint]) })
      : say("trainer.now");
    set(this.back, { disabled: !past });
  }
}
