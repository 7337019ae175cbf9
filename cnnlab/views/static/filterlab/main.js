// The FilterLab: drag a weight, and the picture answers. Between two answers of Python only the newest value waits.

const SCAN_SECONDS = 8; // for the whole picture at speed 1
const ANSWER_WITHIN = 600; // milliseconds; after that the next value is sent all the same
const LAB_GRAIN = 0.1;
const STEPS_TOLD = 250; // milliseconds between two steps that Python is told of while the window scans

// Sends messages to Python, each after the answer to the one before; of those about one weight, the last alone is sent.
function patient(model, later) {
  const waiting = new Map();
  let timer = null;
  const next = () => {
    clearTimeout(timer);
    timer = null;
    const [[about, message] = []] = waiting;
    waiting.delete(about);
    if (message) send(message);
  };
  const send = (message) => {
    if (timer !== null) return waiting.set(`${message.array} ${message.place}`, message);
    timer = setTimeout(next, ANSWER_WITHIN);
    deliver(model, message);
  };
  model.on("change:scene", next);
  later(() => {
    clearTimeout(timer);
    model.off("change:scene", next);
  });
  return send;
}

// The first press of play begins at the top of the picture, and the pixels after the window are hidden until it is through.
class Scan extends Player {
  toggle() {
    if (!this.model.get("playing") && !this.scanning) this.show(0);
    super.toggle();
  }

  start() {
    this.scanning = true;
    super.start();
  }
}

function render({ model, el }) {
  const parts = stage(el, model, "filterlab");
  const { say } = parts;
  const picture = new LabPicture(parts, model);
  let hovered = null;
  let told = "";
  let toldStep = 0;
  const tellStep = (n) => {
    toldStep = performance.now();
    if (n !== model.get("step")) put(model, "step", n);
  };

  const player = new Scan(model, {
    ticks: () => Math.max(1, picture.scene?.outputs ?? 1),
    rate: () => picture.scene.outputs / SCAN_SECONDS,
    changed: (n) => {
      if (model.get("playing") && performance.now() - toldStep < STEPS_TOLD) return;
      tellStep(n);
    },
    paint: () => paint(),
  });
  const { bar, update } = playBar(parts.controls, model, player, say);
  labControls(parts, model, bar, say);
  const code = html("code", { class: "code" }, parts.lines);

  const paint = () => {
    update();
    if (player.tick >= player.last) player.scanning = false;
    const n = hovered ?? player.tick;
    picture.paint({ n, upto: player.scanning ? player.tick : null });
    tell(n);
  };

  const tell = (n) => {
    if (!picture.scene.outputs) {
      code.textContent = told = "";
      return speak(parts, model, picture.scene.trouble.sentence);
    }
    if (told === `${n}`) return;
    told = `${n}`;
    code.textContent = labCode(picture, n, say);
    speak(parts, model, labSentence(picture, n, say));
  };

  const hint = () => picture.scene.note || say(hasKernel(parts) ? "filterlab.hint" : "filterlab.hint_exported");
  const touch = touchable(model, parts, {
    send: patient(model, parts.later),
    under: (x, y) => labUnder(picture, x, y),
    links: labLinks,
    spot: labLinks,
    light: (kind, links) => labLight(picture, kind, links),
    words: (cell) => labWords(picture, cell),
    target: (cell) => labTarget(picture, cell),
    grain: () => LAB_GRAIN,
    told: (sentence) => (parts.told.textContent = sentence || hint()),
    chosen: (cell) => cell.kind === "output" && player.go(cell.n),
    show: (cell) => {
      hovered = cell?.kind === "output" ? cell.n : null;
      paint();
    },
  });

  const takeScene = () => {
    picture.take({ ...model.get("scene") });
    told = "";
    showTrouble(parts, model, picture.scene.trouble);
    parts.trouble.classList.toggle("mild", Boolean(picture.scene.trouble?.mild));
    parts.told.textContent = hint();
    player.show(Math.min(model.get("playing") ? player.tick : model.get("step"), player.last));
    touch.refresh();
  };
  const takePicture = () => {
    picture.takePicture(model.get("picture"));
    hovered = null;
  };
  const recolour = () => {
    picture.inputPainted = false;
    picture.recolour();
    told = "";
    paint();
  };

  const on = (trait, listener) => {
    model.on(`change:${trait}`, listener);
    parts.later(() => model.off(`change:${trait}`, listener));
  };
  on("picture", takePicture);
  on("scene", takeScene);
  on("shown", recolour);
  on("step", () => !model.get("playing") && model.get("step") !== player.tick && player.show(model.get("step")));
  on("playing", () => {
    if (!model.get("playing")) tellStep(player.tick);
    paint();
  });
  // Without a kernel the results of the presets travel with the page.
  on("preset", () => {
    const page = !hasKernel(parts) && model.get("album")[model.get("preset")];
    if (!page) return;
    model.set("shown", page.shown);
    model.set("scene", page);
  });
  parts.later(watchTheme((dark) => {
    parts.darken(dark);
    recolour();
  }));
  const moved = (rows, columns) => player.go(player.tick + rows * picture.scene.y.shape[1] + columns);
  const chosenByDigit = ({ key }) => {
    const name = model.get("presets")[model.get("mode")][Number(key) - 1];
    if (name) ask(model, "preset", name);
    return Boolean(name);
  };
  keyboard(parts.root, {
    " ": () => player.toggle(),
    ArrowRight: () => moved(0, 1),
    ArrowLeft: () => moved(0, -1),
    ArrowDown: () => moved(1, 0),
    ArrowUp: () => moved(-1, 0),
    Home: () => player.go(0),
    End: () => player.go(player.last),
    Escape: () => ((player.scanning = false), touch.release()),
  }, (event) => touch.key(event) || chosenByDigit(event));
  waiting(parts.root, model, ["stride"], parts.later);
  takePicture();
  takeScene();
  if (model.get("playing")) player.start();
  return () => {
    player.close();
    parts.close();
  };
}

function labControls(parts, model, bar, say) {
  const list = (parent, name, values, more = (value) => say(`filterlab.${name}_${value}`)) =>
    menu(parent, model, name, say(`filterlab.label_${name}`), values.map((value) => [value, more(value)]));
  const modes = html("span", { class: "modes needs-kernel" }, bar);
  list(modes, "mode", ["grey", "colour", "each", "mix"]);
  pictureChooser(list(modes, "source", ["photograph", "digit", "edge", "cross", "own"]), model, parts, 160);
  presetButtons(parts, model, say);
  const row = html("div", { class: "sliders" }, parts.controls);
  const sizes = html("span", { class: "modes needs-kernel" }, row);
  list(sizes, "kernel_size", [3, 5, 7], String).classList.add("spatial");
  list(sizes, "padding", ["same", "valid"]);
  slider(sizes, model, "stride", say("filterlab.stride"), [1, 8]);
  list(row, "shown", ["picture", "signed"]);
  const acts = html("span", { class: "modes needs-kernel" }, row);
  for (const name of ["negate", "zero", "turn", "flip"]) {
    const made = button(acts, say(`filterlab.act_${name}`), say(`filterlab.act_${name}`), () => deliver(model, { kind: "act", name }));
    made.classList.toggle("spatial", name === "turn" || name === "flip");
  }
  bind(model, "mode", () => (parts.root.dataset.mode = model.get("mode")), parts.root);
}

// One button a preset; those of another mode replace them.
function presetButtons(parts, model, say) {
  const row = html("div", { class: "presets", role: "toolbar", "aria-label": say("filterlab.preset") }, parts.controls);
  const fill = () => {
    row.replaceChildren();
    html("span", {}, row, say("filterlab.preset"));
    for (const name of model.get("presets")[model.get("mode")]) {
      const words = say(`filterlab.preset_${name}`);
      button(row, words, words, () => ask(model, "preset", name), { "data-preset": name });
    }
    press();
  };
  const press = () => {
    for (const made of row.querySelectorAll("button")) set(made, { "aria-pressed": String(made.dataset.preset === model.get("preset")) });
  };
  bind(model, "mode", fill, parts.root);
  bind(model, "preset", press, parts.root);
}

function labCode({ scene }, n, say) {
  const { i, j } = labPlace(scene, n);
  const F = scene.w.shape[1];
  // Rows and columns of the padded picture, as NumPy slices it.
  const [row, column] = [scene.rows[i] - scene.rows[0], scene.columns[j] - scene.columns[0]];
  const channels = scene.mode === "each" ? "0:1" : ":";
  return say("filterlab.code", { i, j, k: 0, row, row_end: row + F, column, column_end: column + F, channels });
}

function labSentence(picture, n, say) {
  const [, F, , C] = picture.scene.w.shape;
  const total = labTotals(picture, n).map((value) => number(value)).join(", ");
  return say("filterlab.sentence", { ...labPlace(picture.scene, n), products: F * F * C, total });
}

export default { render };
