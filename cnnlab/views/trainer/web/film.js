// The film under the drawing: its moments lie as far apart as the steps grow, and the last tick is the net as it is now.

import { button, onTrait, sendMessage } from "../../shared/web/controls.js";
import { html, set } from "../../shared/web/dom.js";
import { playBar, Player } from "../../shared/web/player.js";
import { thousands } from "./layout.js";

const MOMENTS_A_SECOND = 3;
const NOW_TICK = -1;

export function filmBar(parts, model, hooks) {
  const { say } = parts;
  const box = html("div", { class: "film" });
  parts.lines.after(box);
  html("strong", {}, box, say("trainer.film"));
  const moments = () => hooks.moments();
  const momentOf = (tick) => (tick >= moments().length ? NOW_TICK : tick);
  const player = new Player(model, {
    ticks: () => moments().length + 1,
    rate: () => MOMENTS_A_SECOND,
    changed: (tick) => hooks.chosen(momentOf(tick)),
    paint: () => bar?.update(),
  });
  let bar = null;
  bar = playBar(box, model, player, say);
  const shown = html("output", { class: "moment-shown" }, box);
  const back = button(
    box,
    say("trainer.go_back"),
    say("trainer.go_back_long"),
    () => sendMessage(model, { kind: "go_back" }),
    { class: "needs-kernel" },
  );
  const update = (moment) => {
    const past = moment >= 0 && moment < moments().length;
    const tick = past ? moment : moments().length;
    if (player.tick !== tick) player.show(tick);
    bar.update();
    shown.textContent = past
      ? say("trainer.moment", { step: thousands(moments()[moment]) })
      : say("trainer.now");
    set(back, { disabled: !past });
  };
  onTrait(model, "playing", () => bar.update(), parts.root);
  return { player, update };
}
