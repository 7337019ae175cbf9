// All maps of a layer for a picture: point at a place for its value and what it sees, click a map for what excites it.

import { hasKernel, showProblem, viewFrame, waiting } from "../../shared/web/frame.js";
import { MapsPicture } from "./maps.js";
import { galleryControls } from "../../galleries/web/controls.js";
import { gallery } from "../../galleries/web/gallery.js";
import { imageChooser } from "../../shared/web/upload.js";
import { button, icon, menu, onTrait, requestTrait, slider } from "../../shared/web/controls.js";
import { html, set } from "../../shared/web/dom.js";
import { Player } from "../../shared/web/player.js";

const PICTURES_A_SECOND = 1.2;

function render({ model, el }) {
  const parts = viewFrame(el, model, "activationgallery");
  parts.root.classList.add("gallery");
  const picture = new MapsPicture(parts, model);
  const player = new Player(model, {
    ticks: () => model.get("pictures"),
    rate: () => PICTURES_A_SECOND,
    paint: () => {},
    changed: (n) => n !== model.get("picture") && requestTrait(model, "picture", n),
  });
  pictureControls(parts, model, player);
  const controls = galleryControls(parts, model, {
    scopes: ["unit", "layer", "network"],
    sorts: ["index", "activity"],
    page: (by) => controls.page(by),
  });
  const go = (by) => hasKernel(parts) && player.go(model.get("picture") + by);
  const close = gallery(parts, model, picture, controls, {
    find: (x, y) => (picture.empty ? null : picture.find(x, y)),
    hover: (at) => picture.hover(at),
    hint: () => picture.say("activationgallery.hint"),
    scene: () => {
      if (player.tick !== model.get("picture")) player.show(model.get("picture"));
      const { problem, note } = picture.scene;
      if (!problem && note) showProblem(parts, model, { sentence: note, repairs: [] });
      if (!problem && note) parts.problem.classList.add("mild");
    },
    keys: { n: () => go(1), p: () => go(-1), " ": () => hasKernel(parts) && player.toggle() },
  });
  waiting(parts.root, model, ["picture"], parts.later);
  if (model.get("playing") && hasKernel(parts)) player.start();
  return () => {
    player.close();
    close();
  };
}

// Which picture, run through them, or one of one's own.
function pictureControls(parts, model, player) {
  const { say } = parts;
  const bar = html("div", { class: "bar needs-kernel" }, parts.controls);
  button(bar, "back", say("activationgallery.previous"), () => player.go(model.get("picture") - 1));
  const play = button(bar, "play", say("activationgallery.play"), () => player.toggle(), {
    "data-act": "play",
  });
  button(bar, "next", say("activationgallery.next"), () => player.go(model.get("picture") + 1));
  const made = slider(bar, model, "picture", say("activationgallery.picture"), [
    0,
    model.get("pictures") - 1,
  ]);
  onTrait(
    model,
    "pictures",
    () => set(made.querySelector("input"), { max: model.get("pictures") - 1 }),
    bar,
  );
  made.querySelector("input").addEventListener("input", () => player.pause());
  onTrait(
    model,
    "playing",
    () => {
      const playing = model.get("playing");
      icon(play, playing ? "pause" : "play");
      const words = say(playing ? "activationgallery.pause" : "activationgallery.play");
      set(play, { "aria-pressed": String(playing), "aria-label": words, title: words });
    },
    bar,
  );
  if (model.get("scene").picture?.shape.length !== 3) return;
  const list = menu(
    bar,
    model,
    "source",
    say("activationgallery.source"),
    ["test", "own"].map((name) => [name, say(`activationgallery.source_${name}`)]),
  );
  imageChooser(list, model, parts, 320);
}

export default { render };
