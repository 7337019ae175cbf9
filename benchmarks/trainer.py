"""What it costs to watch a net learn: the Trainer in a real JupyterLab, against the same training
without a view.

    python benchmarks/trainer.py [--minutes 10]

Both train the lesson's net on the embedded Fashion-MNIST in one kernel, in turns of four seconds,
five each; the ratio is the median over the turns. Kernel, server and page share all cores; where
the system can bind a process to a core (Linux), the ratio is taken again with the kernel on a core
of its own, as when the page is on another machine. Then it trains on for the given time while the
memory of kernel and page is watched.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

import report

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from helpers.browser.driver import (
    ARGUMENTS,
    Lab,
    answered,
    browser_path,
    python,
    run_all,
    shut_down,
)

TURNS, SECONDS = 5, 4
FIRST_CORE = min(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
CELLS = (
    """import resource, time, json
from cnnlab import Adam, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential, data, views, steps
fashion = data.load("fashion")
def fresh():
    first = [Conv2d(8, 3, padding=1), ReLU(), MaxPool2d(2)]
    second = [Conv2d(16, 3, padding=1), ReLU(), MaxPool2d(2)]
    return Sequential(*first, *second, Flatten(), Linear(10), input_shape=(28, 28, 1))
def plain(seconds, net=fresh()):
    began, images = time.perf_counter(), 0
    for step in steps(net, fashion, epochs=1000, batch_size=32, optimizer=Adam(5e-3)):
        images += step.images
        if time.perf_counter() - began > seconds:
            return images / (time.perf_counter() - began)
def memory():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20""",
    "view = views.Trainer(fresh(), fashion)\nview",
)
BIND = """import os
from cnnlab.kernels import threads
threads.set_count(1)
for task in os.listdir("/proc/self/task"):
    os.sched_setaffinity(int(task), {%d})"""
WATCHED = """async ([seconds]) => {
  const start = document.querySelector(".cnnlab.trainer .start");
  const step = document.querySelector("[data-fact=step] b");
  let updates = 0;
  const observer = new MutationObserver(() => updates++);
  observer.observe(step, { childList: true, characterData: true, subtree: true });
  start.click();
  await new Promise((done) => setTimeout(done, 1000 * seconds));
  observer.disconnect();
  start.click();
  return updates / seconds;
}"""
TO_80 = """async () => {
  const held = document.querySelector("[data-fact=held] b");
  const began = performance.now();
  document.querySelector(".cnnlab.trainer .start").click();
  while (parseFloat(held.textContent) < 80) {
    if (performance.now() - began > 60000) return null;
    await new Promise((done) => setTimeout(done, 20));
  }
  document.querySelector(".cnnlab.trainer .start").click();
  return (performance.now() - began) / 1000;
}"""
AGES = """async ([seconds]) => {
  const view = document.querySelector(".cnnlab.trainer");
  const found = () => {
    const read = (fact) => view.querySelector(`[data-fact=${fact}] b`)
      .textContent.replace(/,/g, "");
    const evaluated = read("evaluated").match(/step (\\d+)/);
    const step = Number(read("step"));
    return [step, evaluated ? Number(evaluated[1]) : step];
  };
  view.querySelector(".start").click();
  const seen = [], began = performance.now();
  while (performance.now() - began < 1000 * seconds) {
    await new Promise((done) => setTimeout(done, 50));
    seen.push([performance.now(), ...found()]);
  }
  view.querySelector(".start").click();
  const ages = seen.slice(40).map(([now, , evaluated]) =>
    (now - seen.find(([, step]) => step >= evaluated)[0]) / 1000);
  return ages.sort((a, b) => a - b);
}"""
BUSY = """(seconds) => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  const code = `import time\\nend = time.time() + ${seconds}\\nwhile time.time() < end: pass`;
  setTimeout(() => kernel.requestExecute({ code, store_history: false }), 500);
}"""
STOP = """
times = []
for n in range(20):
    view.start()
    time.sleep(0.15)
    began = time.perf_counter()
    view.training_run._stop.set()
    view.training_run._thread.join()
    times.append(time.perf_counter() - began)
    view.pause()
print(json.dumps(times))
"""


def ratio(page):
    """Throughput with the view as a share of that without, and updates a second, over the turns."""
    shares = []
    updates = []
    rates = []
    python(page, "plain(2)")
    page.evaluate(WATCHED, [2])
    for _ in range(TURNS):
        answered(page)
        alone = float(python(page, f"print(plain({SECONDS}))"))
        before = int(python(page, "print(view.training_run.images)"))
        updates.append(page.evaluate(WATCHED, [SECONDS]))
        answered(page)
        images = int(python(page, "print(view.training_run.images)")) - before
        shares.append(images / SECONDS / alone)
        rates.append(alone)
    return shares, updates, rates


def soak(page, minutes):
    """The memory of kernel and page, in MiB, once a minute while it trains."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    python(page, "view.start()")
    found = []
    for _ in range(minutes + 1):
        page.wait_for_timeout(60_000 if found else 20_000)
        session.send("HeapProfiler.collectGarbage")
        told = {
            one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]
        }
        kernel = float(python(page, "print(memory())"))
        found.append((kernel, told["JSHeapUsedSize"] / 2**20, int(told["Nodes"])))
    steps = python(page, "view.pause(); print(view.training_run.step)")
    return found, int(steps)


def ages(page, busy):
    """How old, in seconds, the held-out accuracy is that one sees while it trains: sorted, twenty
    times a second.
    """
    if busy:
        page.evaluate(BUSY, 2 * SECONDS)
    found = page.evaluate(AGES, [2 * SECONDS])
    answered(page)
    return found


def measured(page, minutes):
    to_80 = page.evaluate(TO_80)
    answered(page)
    yield [
        "Start to 80 % of the held-out pictures",
        f"{to_80:.1f} s" if to_80 else "not within 60 s",
        "≤ 20 s",
    ]
    shares, updates, rates = ratio(page)
    yield ["images a second without a view", f"{statistics.median(rates):,.0f}", ""]
    yield ["with the view open, as a share of that", spread(shares), "≥ 0.90"]
    yield ["updates a second", f"{statistics.median(updates):.1f}", "8 at most"]
    for busy, words in ((False, "idle"), (True, "busy with a cell")):
        found = ages(page, busy)
        told = f"{statistics.median(found):.1f} s, at most {found[-1]:.1f} s"
        yield [f"age of the held-out accuracy shown, the kernel {words}", told, "≤ 2 s"]
    stops = json.loads(python(page, STOP))
    yield [
        "from Pause to a thread at rest",
        f"{1000 * statistics.median(stops):.0f} ms, at most {1000 * max(stops):.0f} ms",
        "≤ 200 ms",
    ]
    found, steps = soak(page, minutes)
    for name, n, unit in (
        ("kernel", 0, "MiB"),
        ("page, JavaScript heap", 1, "MiB"),
        ("page, nodes", 2, ""),
    ):
        first, last = found[1][n] if minutes > 1 else found[0][n], found[-1][n]
        yield [
            f"{name}, after the first and the last of {minutes} minutes ({steps:,} steps)",
            f"{first:,.0f} and {last:,.0f} {unit}",
            "flat",
        ]


def apart(page):
    """The ratio with the kernel on a core of its own."""
    python(page, BIND % FIRST_CORE)
    page.evaluate(TO_80)
    answered(page)
    shares, updates, _ = ratio(page)
    yield ["the same, the kernel on a core of its own", spread(shares), "≥ 0.90"]
    yield ["updates a second then", f"{statistics.median(updates):.1f}", "8 at most"]


def spread(shares):
    return f"{statistics.median(shares):.2f} ({min(shares):.2f}–{max(shares):.2f})"


def in_lab(driver, path, measure):
    """The rows that ``measure`` gives for a page with a Trainer, and the browser's version."""
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder))
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            lab.load(page, lab.write("trainer.ipynb", *CELLS))
            run_all(page)
            page.wait_for_selector(".cnnlab.trainer .sample")
            answered(page)
            rows = list(measure(page))
            shut_down(page)
            return rows, browser.version
        finally:
            browser.close()
            lab.stop()


def without_first_core(action):
    """Do it with every process that it starts kept off the first core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores - {FIRST_CORE})
    try:
        return action()
    finally:
        os.sched_setaffinity(0, cores)


def bound(path):
    """The rows of ``apart``; the driver starts here, because what it starts is bound to the cores
    that it has.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        return in_lab(driver, path, apart)[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--minutes", type=int, default=1, help="how long to train while the memory is watched"
    )
    minutes = parser.parse_args().minutes
    path = browser_path()
    if path is None:
        return print("No Chromium or Chrome found: install one, or name it in CHROMIUM.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        rows, version = in_lab(driver, path, lambda page: measured(page, minutes))
    if hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1:
        rows[4:4] = without_first_core(lambda: bound(path))
    body = f"Headless Chromium {version}, 1280 x 720; kernel, server and page share the cores.\n\n"
    report.write("Training with a view", body + report.table(["what", "measured", "target"], rows))


if __name__ == "__main__":
    main()
