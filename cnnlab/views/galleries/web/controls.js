// The controls of the galleries: which layer, what shares a scale of colours, the order, the page, patches or pictures.

import { button, menu, onTrait, QUIET, requestTrait, setTrait } from "../../shared/web/controls.js";
import { html, set } from "../../shared/web/dom.js";
import { fullscreenButton } from "../../shared/web/player.js";

export function galleryControls(parts, model, { scopes, sorts, page }) {
  const { say } = parts;
  const bar = html("div", { class: "bar" }, parts.controls);
  layerMenu(bar, model, say);
  menu(
    bar,
    model,
    "scope",
    say("gallery.scope"),
    scopes.map((name) => [name, say(`gallery.scope_${name}`)]),
  );
  const order = menu(
    bar,
    model,
    "sort",
    say("gallery.sort"),
    sorts.map((name) => [name, say(`gallery.sort_${name}`)]),
  );
  order.classList.add("needs-kernel");
  const whole = button(
    bar,
    say("gallery.whole"),
    say("gallery.whole_words"),
    () => setTrait(model, "whole", !model.get("whole")),
    { "data-act": "whole" },
  );
  onTrait(model, "whole", () => set(whole, { "aria-pressed": String(model.get("whole")) }), bar);
  const pages = html("span", { class: "modes needs-kernel pages" }, bar);
  button(pages, "back", say("gallery.page_back"), () => page(-1), { "data-act": "page-back" });
  const shown = html("span", { class: "page-shown" }, pages);
  button(pages, "next", say("gallery.page_next"), () => page(1), { "data-act": "page-next" });
  fullscreenButton(bar, say);
  return {
    bar,
    update(scene) {
      pages.hidden = !(scene.pages > 1);
      shown.textContent = say("gallery.page", { page: model.get("page") + 1, pages: scene.pages });
    },
  };
}

// The layers there are may change with the net.
function layerMenu(bar, model, say) {
  const box = html("label", { class: "menu needs-kernel" }, bar);
  html("span", {}, box, say("gallery.layer"));
  const list = html(
    "select",
    { "aria-label": say("gallery.layer"), "data-menu": "layer", ...QUIET },
    box,
  );
  let kept = "";
  const update = () => {
    const { layers, layer } = model.get("scene");
    const key = JSON.stringify(layers);
    if (key !== kept)
      list.replaceChildren(
        ...layers.map(([value, words]) => html("option", { value }, null, words)),
      );
    kept = key;
    list.value = layer;
    box.hidden = !layers.length;
  };
  list.addEventListener("change", () => requestTrait(model, "layer", list.value));
  onTrait(model, "scene", update, bar);
}
