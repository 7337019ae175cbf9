// The ActivationGallery's view: a gallery of maps that can run through the images.

import { GalleryView } from "../../galleries/web/view.js";
import { hasKernel, showProblem, waiting } from "../../shared/web/frame.js";
import { imageControls, imagePlayer } from "./controls.js";

export class MapsView extends GalleryView {
  constructor(parts, model, drawing) {
    super(parts, model, drawing, "activationgallery.hint");
    this.player = imagePlayer(model);
  }

  start() {
    const { parts, model, player } = this;
    imageControls(parts, model, player);
    super.start();
    waiting(parts.root, model, ["picture"], parts.later);
    if (model.get("playing") && hasKernel(parts)) player.start();
  }

  keys() {
    const { parts, model, player } = this;
    const go = (by) => hasKernel(parts) && player.go(model.get("picture") + by);
    return {
      ...super.keys(),
      n: () => go(1),
      p: () => go(-1),
      " ": () => hasKernel(parts) && player.toggle(),
    };
  }

  // The player follows, and a note stands where a problem would.
  sceneTaken() {
    const { parts, model, drawing, player } = this;
    if (player.tick !== model.get("picture")) player.show(model.get("picture"));
    const { problem, note } = drawing.scene;
    if (problem || !note) return;
    showProblem(parts, model, { sentence: note, repairs: [] });
    parts.problem.classList.add("mild");
  }

  close() {
    this.player.close();
    super.close();
  }
}
