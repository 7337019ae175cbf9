"""A real JupyterLab for the browser tests: finds a browser, starts the server, drives a notebook.

Waiting is always for something that can be seen: a kernel that is idle, a view that is drawn.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SERVER = [
    "--no-browser",
    "--allow-root",
    "--ServerApp.port_retries=0",
    "--IdentityProvider.token=",
    "--LabApp.expose_app_in_browser=True",
]
UNUSED = (
    "debugger-extension",
    "extensionmanager-extension",
    "terminal-extension",
)
# jupyterlab's own start, without the module that `helpers.light` leaves out.
START = (
    "import sys; sys.modules['rfc3987_syntax'] = None\n"
    "from jupyterlab.labapp import main; sys.exit(main())"
)
OPEN_ALONE = """async (path) => {
  const { shell, commands } = window.jupyterapp;
  for (const widget of [...shell.widgets("main")]) {
    await widget.sessionContext?.shutdown();
    widget.dispose();
  }
  await commands.execute("docmanager:open", { path, factory: "Notebook" });
}"""
KERNEL_IS_IDLE = """() => {
  const kernel = window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel;
  return kernel && kernel.status === "idle" && kernel.connectionStatus === "connected";
}"""


def browser_path():
    """The Chromium-like browser of this machine, or None; CHROMIUM names another."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    return found or next((place for place in PLACES if Path(place).exists()), None)


def need_browser():
    """The path of a browser; where there is none the test is skipped, but in CI it fails."""
    path = browser_path()
    if path is None and os.environ.get("CI"):
        pytest.fail("no Chromium found: CI must install one")
    if path is None:
        pytest.skip(
            "no Chromium or Chrome found: install one, or name it in CHROMIUM, to test the views"
        )
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def notebook(*cells):
    """A notebook with these code cells."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
    }
    return made


class Lab:
    """A JupyterLab server over ``folder``, with its settings kept there too."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        home = {
            name: str(folder / ".jupyter")
            for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
        }
        command = [
            sys.executable,
            "-c",
            START,
            *SERVER,
            f"--ServerApp.port={self.port}",
            f"--notebook-dir={folder}",
        ]
        self._write_settings(folder / ".jupyter")
        settings = {
            **os.environ,
            **home,
            "JUPYTERLAB_SETTINGS_DIR": str(folder / ".jupyter" / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / ".jupyter" / "workspaces"),
        }
        self.process = subprocess.Popen(
            command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _write_settings(self, home):
        """No question about news, and nothing loaded that no test touches."""
        news = home / "settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
        disabled = {"disabledExtensions": {f"@jupyterlab/{name}": True for name in UNUSED}}
        settings = {
            news: {"fetchNews": "false", "checkForUpdates": False},
            home / "labconfig/page_config.json": disabled,
        }
        for path, content in settings.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content))

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def write(self, name, *cells):
        nbformat.write(notebook(*cells), self.folder / name)
        return name

    def open(self, page, name):
        """Open a notebook in the window where JupyterLab is, alone, and wait for its kernel. What
        the notebook before said when it was closed does not count.
        """
        page.evaluate(OPEN_ALONE, name)
        self._is_open(page)
        page.said.clear()

    def load(self, page, name, timeout=90_000):
        """Load JupyterLab with a notebook, as its address opens it, and wait for its kernel."""
        self._reach(page)
        page.goto(f"{self.base}/doc/tree/{name}?reset", timeout=timeout)
        self._is_open(page, timeout)

    def _is_open(self, page, timeout=90_000):
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=timeout)
        page.wait_for_function(KERNEL_IS_IDLE, timeout=timeout)

    def _reach(self, page):
        for _ in range(120):
            try:
                return page.request.get(f"{self.base}/api")
            except Exception:
                page.wait_for_timeout(250)
        raise RuntimeError("JupyterLab did not start within 30 seconds")


def execute(page, command):
    page.evaluate("(command) => window.jupyterapp.commands.execute(command)", command)


def run_all(page):
    execute(page, "notebook:run-all-cells")


def shut_down(page):
    page.evaluate("async () => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")


def settle(page):
    """Wait until the browser has painted twice."""
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def python(page, code):
    """Run code in the notebook's kernel, after all that was sent to it before; return what it
    prints.

    JupyterLab sends the messages of widgets to threads of their own, subshells: first each of these
    has to be done.
    """
    return page.evaluate(
        """async (code) => {
          const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
          const execute = (code, subshell = null) => {
            kernel.subshellId = subshell;
            const asked = kernel.requestExecute({ code, store_history: false });
            kernel.subshellId = null;
            return asked;
          };
          const listed = kernel.supportsSubshells && (await kernel.requestListSubshell({}).done);
          const known = listed ? listed.content.subshell_id : [];
          await Promise.all(known.map((subshell) => execute("", subshell).done));
          const asked = execute(code);
          let said = "";
          asked.onIOPub = ({ content }) => (said += content.text ?? content.evalue ?? "");
          await asked.done;
          return said.trim();
        }""",
        code,
    )


def answered(page):
    """Wait until the kernel has dealt with all that the views sent, and its answers are painted."""
    # Twice, because a widget keeps back a change while the last is on its way.
    for _ in range(2):
        python(page, "")
        settle(page)


def darken(page, dark=True):
    name = "JupyterLab Dark" if dark else "JupyterLab Light"
    page.evaluate(
        "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", name
    )
    page.wait_for_function(
        "(dark) => document.body.dataset.jpThemeLight === String(!dark)", arg=dark
    )
    settle(page)


def slide(view, trait, value):
    """Move the slider of a trait, as a hand on the mouse does."""
    field = view.locator(f"input[data-trait={trait}]")
    field.evaluate(
        """(field, value) => {
          field.value = value;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        value,
    )


def own_time(page, action):
    """Milliseconds that the page's own thread computes during ``action``: not of the clock, for
    others use the machine.

    Scripts, style, layout and painting count, as
    https://chromedevtools.github.io/devtools-protocol/ (Performance) measures them.
    """
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def used():
        found = {
            entry["name"]: entry["value"]
            for entry in session.send("Performance.getMetrics")["metrics"]
        }
        return 1000 * found["TaskDuration"]

    before = used()
    result = action()
    spent = used() - before
    session.detach()
    return spent, result
