// The Convolution view: controls, clock, picture, words. One tick of the clock is a multiply, a channel, an output or a row.

const GRAINS = ["multiply", "channel", "output", "row"];
const LONGEST_PICTURE = 48;
const RATES = { multiply: 4, channel: 2, output: 1.2, row: 0.8 };

function convolutionTicks(picture, model) {
  const { scene } = picture;
  if (!scene.outputs) return { count: 1, at: () => ({ n: 0, taps: 0, total: true, upto: 0 }), tickOf: () => 0 };
  const [, FH, FW, depth] = scene.w.shape;
  const OW = scene.y.shape[1];
  const all = FH * FW * depth;
  const grain = model.get("granularity");
  const perOutput = grain === "multiply" ? all + 1 : grain === "channel" ? depth + 1 : 1;
  const whole = (n) => ({ n, taps: all, total: true, upto: n });
  const at = (tick) => {
    if (grain === "row") return whole((tick + 1) * OW - 1);
    if (grain === "output") return whole(tick);
    const [n, part] = [Math.floor(tick / perOutput), tick % perOutput];
    if (part === perOutput - 1) return whole(n);
    return { n, taps: grain === "multiply" ? part + 1 : (part + 1) * FH * FW, total: false, upto: n };
  };
  const tickOf = (n) => (grain === "row" ? Math.floor(n / OW) : (n + 1) * perOutput - 1);
  return { count: grain === "row" ? scene.outputs / OW : scene.outputs * perOutput, at, tickOf };
}

function render({ model, el }) {
  const parts = stage(el, model, "convolution");
  const { say } = parts;
  const picture = new ConvolutionPicture(parts, model);
  let ticks = null;
  let shown = { n: 0, taps: 0, total: true, upto: 0 };
  let hovered = null;

  const player = new Player(model, {
    ticks: () => ticks?.count ?? 1,
    rate: () => RATES[model.get("granularity")],
    changed: (tick) => {
      const { n } = ticks.at(tick);
      if (n !== model.get("step")) put(model, "step", n);
    },
    paint: (tick, share) => {
      shown = ticks.at(tick);
      if (!hovered) picture.paint(shown, share);
      tell();
    },
  });
  const { bar, update } = playBar(parts.controls, model, player, say);
  convolutionControls(parts, model, bar, say);

  const code = html("code", { class: "code" }, parts.lines);
  const formulas = html("span", { class: "formula" }, parts.lines);
  const { told } = parts;
  const asking = predicting(model, parts, {
    outputs: () => picture.scene.outputs,
    ask: (n) => say("convolution.ask", picture.place(n)),
    truth: (n) => picture.scene.y.at(...outputPlace(picture, n)),
    mistake: (n, value) => convolutionMistake(picture, model, n, value),
    guessed: () => picture.guessed,
    go: (n) => player.go(ticks.tickOf(n)),
    repaint: () => repaint(),
  });

  const present = () => hovered ?? shown;
  let lastWords = "";
  const tell = () => {
    update();
    if (!picture.scene.outputs) return (code.textContent = asking.update(0) ?? "");
    const at = present();
    const place = picture.place(at.n);
    const key = `${at.n},${at.total},${model.get("playing")},${model.get("predict")}`;
    asking.update(at.n);
    if (key === lastWords) return;
    lastWords = key;
    const { rows, columns, channels } = picture.scene.code;
    const slices = { rows: rows[place.i], columns: columns[place.j], channels: channels[place.k] };
    const value = number(picture.scene.y.at(place.i, place.j, place.k));
    const hide = model.get("predict") || picture.backward || !at.total;
    const line = picture.backward ? "convolution.code_backward" : "convolution.code";
    code.textContent = say(line, { ...place, ...slices }) + (hide ? "" : `  →  ${value}`);
    speak(parts, model, hide ? say("convolution.place", place) : convolutionSentence(picture, place, say));
  };

  const repaint = () => {
    picture.painted = null;
    lastWords = "";
    if (picture.scene.outputs) picture.paint(present());
    tell();
  };

  const touch = touching(picture, model, parts, {
    now: () => picture.place(present().n),
    told: (sentence) => (told.textContent = sentence || picture.scene.note || say(!hasKernel(parts) ? "convolution.hint_exported" : "convolution.hint")),
    chosen: (cell) => {
      if (cell.kind === "output") player.go(ticks.tickOf(outputNumber(picture, cell)));
    },
    show: (place) => {
      const n = place ? outputNumber(picture, place) : null;
      const all = place ? ticks.at(ticks.tickOf(n)).taps : 0;
      hovered = place ? { n, taps: all, total: true, upto: Math.max(shown.upto, 0), hover: true } : null;
      if (picture.scene.outputs) picture.paint(present());
      tell();
    },
  });

  const takeScene = () => {
    picture.take({ ...model.get("scene") });
    hovered = null;
    ticks = convolutionTicks(picture, model);
    asking.reset();
    showTrouble(parts, model, picture.scene.trouble);
    formulas.textContent = (picture.scene.formula ?? []).join("     ");
    told.textContent = picture.scene.note || say(!hasKernel(parts) ? "convolution.hint_exported" : "convolution.hint");
    lastWords = "";
    player.show(ticks.tickOf(Math.min(model.get("step"), Math.max(0, picture.scene.outputs - 1))));
    if (!picture.scene.outputs) speak(parts, model, picture.scene.trouble.sentence);
    touch.refresh();
  };

  const follow = () => {
    if (shown.n !== model.get("step") && picture.scene.outputs) player.show(ticks.tickOf(model.get("step")));
  };
  const regrain = () => {
    ticks = convolutionTicks(picture, model);
    player.show(ticks.tickOf(shown.n));
  };
  const on = (name, listener) => {
    model.on(`change:${name}`, listener);
    parts.later(() => model.off(`change:${name}`, listener));
  };
  on("scene", takeScene);
  on("step", follow);
  on("granularity", regrain);
  on("playing", () => (update(), (lastWords = ""), tell()));
  parts.later(watchTheme((dark) => {
    parts.darken(dark);
    picture.paintValues();
    repaint();
  }));
  keyboard(parts.root, {
    " ": () => player.toggle(),
    ArrowRight: () => player.go(player.tick + 1),
    ArrowLeft: () => player.go(player.tick - 1),
    Home: () => player.go(0),
    End: () => player.go(player.last),
    Escape: () => touch.release(),
    ...Object.fromEntries(GRAINS.map((grain, n) => [String(n + 1), () => put(model, "granularity", grain)])),
  }, touch.key);
  waiting(parts.root, model, model.get("controls"), parts.later);
  takeScene();
  if (model.get("playing")) player.start();
  return () => {
    player.close();
    parts.close();
  };
}

function outputNumber(picture, { i, j, k }) {
  const [OH, OW] = picture.scene.y.shape;
  return (k * OH + i) * OW + j;
}

function outputPlace(picture, n) {
  const { i, j, k } = picture.place(n);
  return [i, j, k];
}

function convolutionMistake(picture, model, n, value) {
  const name = mistakeOf(picture.scene.wrong, value, outputPlace(picture, n));
  const key = name ? `convolution.wrong_${name}` : "convolution.wrong";
  return picture.say(key, { answer: number(value), k: picture.place(n).k, S: model.get("stride") });
}

function convolutionSentence(picture, place, say) {
  const { scene } = picture;
  const sums = Array.from({ length: scene.w.shape[3] }, (_, c) => scene.sums.at(place.i, place.j, place.k, c));
  const [, FH, FW, depth] = scene.w.shape;
  const sum = sums.reduce((a, b) => a + b, 0);
  const total = scene.y.at(place.i, place.j, place.k);
  return say("convolution.sentence", { ...place, products: FH * FW * depth, sum: number(sum), bias: number(scene.b.at(place.k)), total: number(total) });
}

function convolutionControls(parts, model, bar, say) {
  const grains = GRAINS.map((grain) => [grain, say(`convolution.grain_${grain}`)]);
  menu(bar, model, "granularity", say("convolution.granularity"), grains);
  const modes = html("span", { class: "modes needs-kernel" }, parts.controls);
  toggle(modes, model, "predict", say("convolution.predict"), say("convolution.predict_words"));
  toggle(modes, model, "backward", say("convolution.backward"), say("convolution.backward_words"));
  const sources = ["demo", "edge", "cross", "digit", "photograph", "own"].map((name) => [name, say(`convolution.source_${name}`)]);
  const list = menu(modes, model, "source", say("convolution.source"), sources);
  pictureChooser(list, model, parts, LONGEST_PICTURE);
  const sliders = html("div", { class: "sliders needs-kernel" }, parts.controls);
  for (const name of model.get("controls")) slider(sliders, model, name, say(`convolution.size_${name}`), model.get("limits")[name]);
}

export default { render };
