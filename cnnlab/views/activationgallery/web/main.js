// All maps of a layer for an image: point at a place for its value and what it sees, click a map for what excites it.

import { viewFrame } from "../../shared/web/frame.js";
import { MapsDrawing } from "./maps.js";
import { MapsView } from "./view.js";

export default {
  render({ model, el }) {
    const parts = viewFrame(el, model, "activationgallery");
    const gallery = new MapsView(parts, model, new MapsDrawing(parts, model));
    gallery.start();
    return () => gallery.close();
  },
};
