"""From the hand to the picture: how long a view takes to answer, in a real JupyterLab in headless
Chromium.

    python benchmarks/views.py

Measured in the page, from the event of a slider, a key or a drag to the first frame that shows the
change, painted. Medians over 60 changes with the tenth and the ninetieth percentile, after ten that
do not count.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import report

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from helpers.browser.driver import ARGUMENTS, Lab, answered, browser_path, run_all, shut_down

CHANGES, WARM_UP = 60, 10
VIEWS = {
    "convolution": "views.Convolution()",
    "strip1d": "views.Strip1D()",
    "pooling": "views.Pooling()",
    "filterlab": "views.FilterLab()",
    "filterlab colour": "views.FilterLab(mode='colour')",
}

# act(view, n) does the n-th change; done when something that `watched` selects has changed and been
# painted.
MEASURE = """async ([view, act, watched, changes]) => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  }));
  const root = document.querySelectorAll(".cnnlab")[view];
  const change = new Function("root", "n", act);
  const changed = () => new Promise((done) => {
    const observer = new MutationObserver(() => (observer.disconnect(), done()));
    for (const element of root.querySelectorAll(watched)) {
      const all = { subtree: true, childList: true, attributes: true, characterData: true };
      observer.observe(element, all);
    }
    setTimeout(() => (observer.disconnect(), done()), 2000);
  });
  root.scrollIntoView({ block: "start" });
  const times = [];
  for (let n = 0; n < changes; n++) {
    await new Promise((done) => setTimeout(done, 40 + 7 * (n % 5)));
    const [start, seen] = [performance.now(), changed()];
    change(root, n);
    await seen;
    await painted();
    times.push(performance.now() - start);
  }
  return times;
}"""
FRAMES = """(view) => new Promise((done) => {
  const root = document.querySelectorAll(".cnnlab")[view];
  root.querySelectorAll(".bar button")[2].click();
  const start = performance.now();
  let frames = 0;
  const count = (now) => {
    if (now - start < 3000) return frames++, requestAnimationFrame(count);
    root.querySelectorAll(".bar button")[2].click();
    done(frames / 3);
  };
  requestAnimationFrame(count);
})"""
KEY = (
    "root.dispatchEvent(new KeyboardEvent('keydown', {key: n % 9 < 8 ? 'ArrowRight' : 'Home', "
    "bubbles: true}))"
)
SLIDER = """
  const field = root.querySelector('input[data-trait=%s]');
  field.value = %s;
  field.dispatchEvent(new Event('input', {bubbles: true}));
"""
# Press on the first weight once, then move up and down by ten pixels a time, which is one
# increment of its value.
DRAG = """
  const drawing = root.querySelector('.drawing');
  const box = drawing.querySelector('rect.cell').getBoundingClientRect();
  const at = (kind, y) => drawing.dispatchEvent(new PointerEvent(kind, {
    clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 + y,
    pointerId: 1, bubbles: true }));
  drawing.setPointerCapture = () => {};
  if (n === 0) at('pointerdown', 0);
  at('pointermove', -10 * (1 + n % 7));
"""
PIXELS = ".drawing image"
# Name, view, what is done, what must change, target in milliseconds.
ROWS = (
    ("Convolution: a step, in the browser", "convolution", KEY, ".lines", 25),
    (
        "Convolution: stride, by Python",
        "convolution",
        SLIDER % ("stride", "1 + n % 2"),
        ".drawing",
        60,
    ),
    (
        "Convolution: height, by Python",
        "convolution",
        SLIDER % ("height", "5 + n % 3"),
        ".drawing",
        60,
    ),
    ("Strip1D: a step, in the browser", "strip1d", KEY, ".lines", 25),
    ("Strip1D: stride, by Python", "strip1d", SLIDER % ("stride", "1 + n % 2"), ".drawing", 60),
    ("Pooling: a step, in the browser", "pooling", KEY, ".lines", 25),
    ("Pooling: stride, by Python", "pooling", SLIDER % ("stride", "1 + n % 2"), ".drawing", 60),
    ("FilterLab: a weight dragged, 160 x 120 grey", "filterlab", DRAG, PIXELS, 50),
    ("FilterLab: a weight dragged, 160 x 120 x 3", "filterlab colour", DRAG, PIXELS, 50),
)


def measured(page):
    """A row of the table for each of ROWS, and the frames a second of a Convolution that plays."""
    places = {name: place for place, name in enumerate(VIEWS)}
    for words, view, act, watched, target in ROWS:
        times = page.evaluate(MEASURE, [places[view], act, watched, WARM_UP + CHANGES])[WARM_UP:]
        answered(page)
        tenths = statistics.quantiles(times, n=10)
        yield [
            words,
            f"{statistics.median(times):.0f} ms",
            f"{tenths[0]:.0f}–{tenths[-1]:.0f} ms",
            f"≤ {target} ms",
        ]
    yield [
        "Convolution: play",
        f"{page.evaluate(FRAMES, places['convolution']):.0f} frames a second",
        "",
        "≥ 50",
    ]


def main():
    path = browser_path()
    if path is None:
        return print(
            "No Chromium or Chrome found, so the views are not measured: install one (apt install "
            "chromium, or any "
            "Chrome), or name it in CHROMIUM."
        )
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        lab = Lab(Path(folder))
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            lab.load(page, lab.write("views.ipynb", "from cnnlab import views", *VIEWS.values()))
            run_all(page)
            page.wait_for_function(
                "(n) => document.querySelectorAll('.cnnlab .drawing').length === n", arg=len(VIEWS)
            )
            answered(page)
            rows = list(measured(page))
            shut_down(page)
        finally:
            browser.close()
            lab.stop()
    body = f"Headless Chromium {browser.version}, 1280 x 720, without a GPU.\n\n"
    header = ["from the hand to the picture", "median", "tenth to ninetieth percentile", "target"]
    report.write("Views", body + report.table(header, rows))


if __name__ == "__main__":
    main()
