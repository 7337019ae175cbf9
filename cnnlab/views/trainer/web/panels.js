// The buttons that choose what stands on the right: images, or the confusion matrix and the images of one of its cells.

import { button, onTrait, requestTrait, setTrait } from "../../shared/web/controls.js";
import { html, set } from "../../shared/web/dom.js";

export class PanelButtons {
  constructor(parts, model, drawing) {
    this.model = model;
    this.drawing = drawing;
    const { say, root } = parts;
    const box = html("div", { class: "modes" }, parts.controls.firstChild);
    for (const panel of model.get("choices").panel) panelButton(box, model, panel, parts);
    const act = (name, key, cell) =>
      button(
        box,
        say(key),
        say(`trainer.${name}_long`),
        () => requestTrait(model, "cell", cell()),
        { class: "needs-kernel" },
      );
    this.more = act("more", "trainer.more", () => this.nextPage());
    const all = act("all", "trainer.all", () => []);
    onTrait(model, "cell", () => (all.hidden = !model.get("cell").length), root);
  }

  // The images of a cell have pages; after the last comes the first.
  nextPage() {
    const { truth, answer, first, of } = this.drawing.seen.cell;
    const { page } = this.model.get("scene");
    return [truth, answer, first + page < of ? first / page + 1 : 0];
  }

  update() {
    const { model, drawing } = this;
    const { page } = model.get("scene");
    this.more.hidden = !(model.get("cell").length && drawing.seen?.cell?.of > page);
  }
}

function panelButton(box, model, panel, { say, root }) {
  const choose = () => setTrait(model, "panel", panel);
  const words = say(`trainer.panel_${panel}_long`);
  const choice = button(box, say(`trainer.panel_${panel}`), words, choose);
  const update = () => set(choice, { "aria-pressed": String(model.get("panel") === panel) });
  onTrait(model, "panel", update, root);
}
