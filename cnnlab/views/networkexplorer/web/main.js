// The explorer: hover to see what a map reads, click to see how it is computed, Escape to see all again.

import { watchTheme } from "../../shared/web/colour.js";
import { viewFrame, waiting } from "../../shared/web/frame.js";
import { ExplorerView } from "./view.js";
import { ExplorerDrawing } from "./drawing.js";
import { explorerKeys, explorerPointer } from "./input.js";

export default {
  render({ model, el }) {
    const parts = viewFrame(el, model, "networkexplorer");
    const drawing = new ExplorerDrawing(parts, model);
    drawing.take(model.get("scene"));
    const view = new ExplorerView(drawing, model);
    const on = (trait, listener) => {
      model.on(`change:${trait}`, listener);
      parts.later(() => model.off(`change:${trait}`, listener));
    };
    on("scene", () => view.takeScene());
    on("decomposition", () => view.decompose());
    on("unit", () => view.follow());
    on("place", () => view.moved());
    on("scope", () => view.repaint());
    explorerPointer(view);
    explorerKeys(view);
    parts.later(
      watchTheme((dark) => {
        parts.darken(dark);
        drawing.colourBars();
        view.repaint();
      }),
    );
    parts.later(() => drawing.pad.close());
    waiting(parts.root, model, ["picture"], parts.later);
    view.takeScene();
    view.decompose();
    return () => parts.close();
  },
};
