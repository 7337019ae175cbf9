// All filters of a layer: point at one for its numbers, click it to see it large with the patches that excite it most.

import { viewFrame } from "../../shared/web/frame.js";
import { FiltersPicture } from "./filters.js";
import { galleryControls } from "../../galleries/web/controls.js";
import { gallery } from "../../galleries/web/gallery.js";

function render({ model, el }) {
  const parts = viewFrame(el, model, "filtergallery");
  parts.root.classList.add("gallery");
  const picture = new FiltersPicture(parts, model);
  const controls = galleryControls(parts, model, {
    scopes: ["unit", "layer"],
    sorts: ["index", "norm"],
    page: (by) => controls.page(by),
  });
  return gallery(parts, model, picture, controls, {
    find: (x, y) => (picture.empty ? null : picture.find(x, y)),
    hover: (at) => picture.hover(at),
    hint: () => picture.say("filtergallery.hint"),
    keys: {},
  });
}

export default { render };
