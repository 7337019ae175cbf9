// Which image the maps are of: the next, a run through all of them, or the learner's own.

import { button, icon, menu, onTrait, requestTrait, slider } from "../../shared/web/controls.js";
import { html, set } from "../../shared/web/dom.js";
import { Player } from "../../shared/web/player.js";
import { imageChooser } from "../../shared/web/upload.js";

const IMAGES_A_SECOND = 1.2;

export function imagePlayer(model) {
  return new Player(model, {
    ticks: () => model.get("pictures"),
    ticksPerSecond: () => IMAGES_A_SECOND,
    paint: () => {},
    changed: (n) => n !== model.get("picture") && requestTrait(model, "picture", n),
  });
}

export function imageControls(parts, model, player) {
  const { say } = parts;
  const bar = html("div", { class: "bar needs-kernel" }, parts.controls);
  const go = (by) => player.go(model.get("picture") + by);
  button(bar, "back", say("activationgallery.previous"), () => go(-1));
  playButton(bar, model, say, player);
  button(bar, "next", say("activationgallery.next"), () => go(1));
  imageSlider(bar, model, say, player);
  if (model.get("scene").image?.shape.length === 3) sourceMenu(bar, parts, model);
}

function playButton(bar, model, say, player) {
  const words = say("activationgallery.play");
  const play = button(bar, "play", words, () => player.toggle(), { "data-act": "play" });
  const update = () => {
    const playing = model.get("playing");
    icon(play, playing ? "pause" : "play");
    const title = say(playing ? "activationgallery.pause" : "activationgallery.play");
    set(play, { "aria-pressed": String(playing), "aria-label": title, title });
  };
  onTrait(model, "playing", update, bar);
}

function imageSlider(bar, model, say, player) {
  const last = () => model.get("pictures") - 1;
  const box = slider(bar, model, "picture", say("activationgallery.picture"), [0, last()]);
  const range = box.querySelector("input");
  onTrait(model, "pictures", () => set(range, { max: last() }), bar);
  range.addEventListener("input", () => player.pause());
}

function sourceMenu(bar, parts, model) {
  const words = (value) => [value, parts.say(`activationgallery.source_${value}`)];
  const sources = model.get("choices").source.map(words);
  const list = menu(bar, model, "source", parts.say("activationgallery.source"), sources);
  imageChooser(list, model, parts, model.get("longest"));
}
