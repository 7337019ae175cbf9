// An image of the learner's own: opened from a file or dropped on the view, shrunk here, its pixels sent to Python.

import { html, set } from "./dom.js";
import { button, onTrait } from "./controls.js";
import { showProblem } from "./frame.js";

// "own" in the list of sources opens a file, and then a button beside it opens another. A file that is no image is
// answered with a sentence.
export function imageChooser(list, model, parts, longest) {
  const field = html("input", { type: "file", accept: "image/*", hidden: true }, list);
  list.addEventListener("change", (event) => event.target.value === "own" && field.click());
  const words = parts.say("view.open_picture");
  const another = button(list.parentElement, words, words, () => field.click());
  onTrait(model, "source", () => (another.hidden = model.get("source") !== "own"), list);
  const open = async (file) => {
    try {
      const bitmap = await createImageBitmap(file);
      const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
      const [width, height] = [bitmap.width, bitmap.height].map((side) =>
        Math.max(1, Math.round(side * scale)),
      );
      const canvas = set(document.createElement("canvas"), { width, height });
      const pen = canvas.getContext("2d");
      Object.assign(pen, { fillStyle: "#fff" }).fillRect(0, 0, width, height); // behind what is transparent
      pen.drawImage(bitmap, 0, 0, width, height);
      const size = [bitmap.height, bitmap.width]; // before it was shrunk
      model.send({ kind: "image", width, height, size }, undefined, [
        pen.getImageData(0, 0, width, height).data.buffer,
      ]);
    } catch {
      showProblem(parts, model, {
        sentence: parts.say("view.not_a_picture", { name: file.name }),
        repairs: [],
      });
    }
  };
  field.addEventListener("change", (event) => {
    event.stopPropagation();
    if (field.files[0]) open(field.files[0]);
    field.value = ""; // so that the same file can be opened again
  });
  parts.root.addEventListener("dragover", (event) => event.preventDefault());
  parts.root.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (event.dataTransfer.files[0]) open(event.dataTransfer.files[0]);
  });
}
