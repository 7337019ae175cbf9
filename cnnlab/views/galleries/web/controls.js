// The controls of the galleries: which layer, what shares a scale of colours, the order, the page, patches or images.

import { button, menu, onTrait, QUIET, requestTrait, setTrait } from "../../shared/web/controls.js";
import { html, set } from "../../shared/web/dom.js";
import { fullscreenButton } from "../../shared/web/player.js";

export class GalleryControls {
  // page(by): turns the page.
  constructor(parts, model, page) {
    this.model = model;
    this.say = parts.say;
    const { say } = parts;
    const bar = html("div", { class: "bar" }, parts.controls);
    layerMenu(bar, model, say);
    this.menu(bar, "scope", "gallery.scope");
    this.menu(bar, "sort", "gallery.sort").classList.add("needs-kernel");
    this.wholeButton(bar);
    this.pages = html("span", { class: "modes needs-kernel pages" }, bar);
    const turn = (face, by) =>
      button(this.pages, face, say(`gallery.page_${face}`), () => page(by), {
        "data-act": `page-${face}`,
      });
    turn("back", -1);
    this.shown = html("span", { class: "page-shown" }, this.pages);
    turn("next", 1);
    fullscreenButton(bar, say);
  }

  menu(bar, name, key) {
    const { model, say } = this;
    const words = (value) => [value, say(`gallery.${name}_${value}`)];
    return menu(bar, model, name, say(key), model.get("choices")[name].map(words));
  }

  // Patches, or the whole images they come from.
  wholeButton(bar) {
    const { model, say } = this;
    const turn = () => setTrait(model, "whole", !model.get("whole"));
    const whole = button(bar, say("gallery.whole"), say("gallery.whole_words"), turn, {
      "data-act": "whole",
    });
    const update = () => set(whole, { "aria-pressed": String(model.get("whole")) });
    onTrait(model, "whole", update, bar);
  }

  update({ pages }) {
    this.pages.hidden = !(pages > 1);
    this.shown.textContent = this.say("gallery.page", { page: this.model.get("page") + 1, pages });
  }
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
