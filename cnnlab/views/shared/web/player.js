// The play bar and its clock. A view gives it a path of ticks and paints the tick it asks for.

import { clamp, html, set } from "./dom.js";
import { button, icon, menu, QUIET, setTrait } from "./controls.js";

const GLIDE = 0.4; // of each tick goes into the movement to its place

export class Player {
  /**
   * @param {import("./types.js").Model} model
   * @param {object} options
   * @param {() => number} options.ticks how many there are
   * @param {() => number} options.ticksPerSecond at speed 1
   * @param {(tick: number, share: number) => void} options.paint share is the part of the way from the last tick
   * @param {(tick: number) => void} options.changed the user or the clock chose another tick
   */
  constructor(model, { ticks, ticksPerSecond, paint, changed }) {
    this.model = model;
    this.ticks = ticks;
    this.ticksPerSecond = ticksPerSecond;
    this.paint = paint;
    this.changed = changed;
    this.tick = 0;
    this.position = 0; // of the clock, in ticks and parts of them
    this.share = 1;
    this.request = null;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.onPlaying = () => (model.get("playing") ? this.start() : this.stop());
    model.on("change:playing", this.onPlaying);
  }

  get last() {
    return Math.max(0, this.ticks() - 1);
  }

  show(tick, share = 1) {
    this.tick = clamp(tick, 0, this.last);
    if (Math.floor(this.position) !== this.tick) this.position = this.tick; // moved by something else than the clock
    this.share = share;
    this.paint(this.tick, share);
  }

  // The user chose a tick: the clock stops.
  go(tick) {
    this.pause();
    this.show(tick);
    this.changed(this.tick);
  }

  toggle() {
    if (this.model.get("playing")) return this.pause();
    if (this.tick >= this.last) this.show(0);
    setTrait(this.model, "playing", true);
  }

  pause() {
    if (this.model.get("playing")) setTrait(this.model, "playing", false);
    this.stop();
  }

  start() {
    if (this.request !== null) return;
    let before = performance.now();
    this.position = this.tick;
    const frame = (now) => {
      this.position += ((now - before) / 1000) * this.ticksPerSecond() * this.model.get("speed");
      before = now;
      const tick = Math.min(Math.floor(this.position), this.last);
      const share = this.calm.matches ? 1 : Math.min((this.position - tick) / GLIDE, 1);
      const over = this.position >= this.last + GLIDE;
      const moved = tick !== this.tick;
      this.show(tick, share);
      if (moved) this.changed(tick);
      this.request = requestAnimationFrame(frame);
      if (over) this.pause();
    };
    this.request = requestAnimationFrame(frame);
  }

  stop() {
    if (this.request !== null) cancelAnimationFrame(this.request);
    this.request = null;
    if (this.share < 1) this.show(this.tick);
  }

  close() {
    this.stop();
    this.model.off("change:playing", this.onPlaying);
  }
}

// For the back row: the view alone on the whole screen, and back.
export function fullscreenButton(bar, say) {
  if (!document.fullscreenEnabled) return;
  const root = bar.closest(".cnnlab");
  button(bar, "larger", say("player.larger"), () =>
    document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen(),
  );
}

export function playBar(parent, model, player, say) {
  const bar = html(
    "div",
    { class: "bar", role: "toolbar", "aria-label": say("player.bar") },
    parent,
  );
  const press = (glyph, key, action) => button(bar, glyph, say(key), action);
  press("first", "player.first", () => player.go(0));
  press("back", "player.back", () => player.go(player.tick - 1));
  const play = press("play", "player.play", () => player.toggle());
  press("next", "player.next", () => player.go(player.tick + 1));
  const scrub = html(
    "input",
    { type: "range", min: 0, step: 1, class: "scrub", "aria-label": say("player.scrub"), ...QUIET },
    bar,
  );
  scrub.addEventListener("input", () => player.go(Number(scrub.value)));
  fullscreenButton(bar, say);
  menu(
    bar,
    model,
    "speed",
    say("player.speed"),
    model.get("choices").speed.map((speed) => [speed, `${speed}×`]),
  );
  let drawn = "play";
  const update = () => {
    const playing = model.get("playing");
    const face = playing ? "pause" : "play";
    if (face !== drawn) icon(play, (drawn = face));
    set(play, {
      "aria-pressed": String(playing),
      "aria-label": say(playing ? "player.pause" : "player.play"),
    });
    play.title = play.getAttribute("aria-label");
    scrub.max = player.last;
    scrub.value = player.tick;
  };
  return { bar, update };
}
