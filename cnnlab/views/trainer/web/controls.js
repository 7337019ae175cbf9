// The Trainer's buttons and sliders.

import { button, icon, menu, onTrait, sendMessage, slider } from "../../shared/web/controls.js";
import { html, set } from "../../shared/web/dom.js";
import { doublingSlider, factorSlider } from "./sliders.js";

const MOMENTUM_STEP = 0.01;

export class TrainerControls {
  // toggle(): starts or pauses.
  constructor({ controls, root, say }, model, toggle) {
    this.say = say;
    this.model = model;
    const scene = model.get("scene");
    const attributes = { class: "bar needs-kernel", role: "toolbar" };
    const bar = html("div", { ...attributes, "aria-label": say("trainer.bar") }, controls);
    this.startButton = button(bar, "play", say("trainer.start"), toggle, { class: "start" });
    this.startWords = html("span");
    this.act(bar, "one_step", "trainer.one_step", "advance");
    this.act(bar, "reset", "trainer.reset", "reset");
    this.undo = this.act(bar, "undo", "trainer.undo", "undo", { class: "undo" });
    const rules = scene.rules.map((name) => [name, name === "own" ? scene.own : name]);
    menu(bar, model, "optimizer", say("trainer.optimizer"), rules);
    this.sliders(html("div", { class: "sliders needs-kernel" }, controls), scene, root);
  }

  act(bar, name, key, kind, more = {}) {
    const { say, model } = this;
    const send = () => sendMessage(model, { kind });
    return button(bar, say(key), say(`trainer.${name}_long`), send, more);
  }

  sliders(box, scene, root) {
    const { say, model } = this;
    factorSlider(box, model, "lr", say("trainer.lr"));
    const momentum = slider(
      box,
      model,
      "momentum",
      say("trainer.momentum"),
      model.get("limits").momentum,
      say("trainer.momentum_long"),
      MOMENTUM_STEP,
    );
    const update = () =>
      momentum.classList.toggle("idle", !scene.with_momentum.includes(model.get("optimizer")));
    onTrait(model, "optimizer", update, root);
    factorSlider(box, model, "weight_decay", say("trainer.weight_decay"));
    doublingSlider(box, model, "batch_size", say("trainer.batch_size"));
    slider(box, model, "picture", say("trainer.picture"), [0, scene.images - 1]);
    const layers = scene.layers.map((name, n) => [n, name]);
    menu(box, model, "layer", say("trainer.maps_of"), layers);
  }

  // What the start button does, and whether what it was pressed for is still waited for.
  face(running, waits) {
    const { say, startButton: start, startWords: words } = this;
    const state = `${running} ${waits}`;
    if (state === start.dataset.state) return;
    start.dataset.state = state;
    icon(start, running ? "pause" : "play");
    start.append(words);
    const now = running ? "pause" : "start";
    words.textContent = say(waits ? "trainer.waits_word" : `trainer.${now}_word`);
    const title = say(running ? "trainer.pause" : "trainer.start");
    set(start, { "aria-pressed": String(running), title });
    set(start, { "aria-label": waits ? say("trainer.waits") : title });
  }
}
