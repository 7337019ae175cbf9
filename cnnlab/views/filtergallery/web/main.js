// All filters of a layer: point at one for its numbers, click it to see it large with the patches that excite it most.

import { GalleryView } from "../../galleries/web/view.js";
import { viewFrame } from "../../shared/web/frame.js";
import { FiltersDrawing } from "./filters.js";

export default {
  render({ model, el }) {
    const parts = viewFrame(el, model, "filtergallery");
    const drawing = new FiltersDrawing(parts, model);
    const gallery = new GalleryView(parts, model, drawing, "filtergallery.hint");
    gallery.start();
    return () => gallery.close();
  },
};
