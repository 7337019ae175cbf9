// The explorer: hover to see what a map reads, click to see how it is computed, Escape to see all again.

import { watchTheme } from "../../shared/web/colour.js";
import { viewFrame, waiting } from "../../shared/web/frame.js";
import { Exploration } from "./explore.js";
import { Explorer } from "./explorer.js";
import { explorerKeys, explorerPointer } from "./input.js";

export default {
  render({ model, el }) {
    const parts = viewFrame(el, model, "networkexplorer");
    const picture = new Explorer(parts, model);
    picture.take(model.get("scene"));
    const exploration = new Exploration(picture, model);
    const on = (trait, listener) => {
      model.on(`change:${trait}`, listener);
      parts.later(() => model.off(`change:${trait}`, listener));
    };
    on("scene", () => exploration.takeScene());
    on("decomposition", () => exploration.decompose());
    on("unit", () => exploration.follow());
    on("place", () => exploration.moved());
    on("scope", () => exploration.repaint());
    explorerPointer(exploration);
    explorerKeys(exploration);
    parts.later(
      watchTheme((dark) => {
        parts.darken(dark);
        picture.colourBars();
        exploration.repaint();
      }),
    );
    parts.later(() => picture.pad.close());
    waiting(parts.root, model, ["picture"], parts.later);
    exploration.takeScene();
    exploration.decompose();
    return () => parts.close();
  },
};
