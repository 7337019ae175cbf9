"""No English is left in the browser: every word of a view, seen or read out, comes from a table."""

import pytest

from cnnlab import data, layers, views
from helpers.browser.driver import answered, run_all
from helpers.pseudo import NAME, unmarked, write_tables

pytestmark = pytest.mark.browser

# The views as they are, and in states that say something else.
SHOWN = (
    *(f"views.{name}()" for name in views.__all__),
    "views.Convolution(predict=True)",
    "views.Convolution(backward=True)",
    "views.Convolution(kernel_size=9)",
    "views.Strip1D(stride=3, fit='exact')",
    "views.Strip1D(stride=3, predict=True)",
    "views.Pooling(predict=True, stride=3)",
    "views.Pooling(shift_down=1)",
    "views.FilterLab(mode='mix')",
    "views.FilterLab(stride=7)",
    "views.NetworkExplorer(unit=['3', 5])",
    "views.NetworkExplorer(unit=['7', 5])",
    "views.ActivationGallery(unit=1)",
    "views.FilterGallery(unit=1)",
    "views.Trainer(panel='confusion')",
)
# What a view calls its arrays and rules, as code does.
NAMES = {
    *("dX", "dY", "dW", "db", "X_col", "W_row", "RGB"),
    *("SGD", "Nesterov", "Adagrad", "RMSProp", "Adam"),
    *(name for name, kind in vars(layers).items() if isinstance(kind, type)),
    *data.load("fashion").classes,
}
# All that is written, in order, for a sentence may stand in several elements; and what is read out.
WRITTEN = """(root) => {
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.parentElement.closest("style, script")) found.push(text.textContent);
  }
  const told = ["aria-label", "aria-valuetext", "title", "alt", "placeholder"];
  const elements = [root, ...root.querySelectorAll("*")];
  const attributes = elements.flatMap((element) => told.map((name) => element.getAttribute(name)));
  return [found.join(" "), ...new Set(attributes.filter(Boolean))];
}"""


def test_every_word_of_every_view_is_marked(notebook, tmp_path):
    write_tables(tmp_path)
    page = notebook(
        "pseudo.ipynb",
        "from pathlib import Path\nimport cnnlab\nfrom cnnlab import texts, views\n"
        f"texts.ROOT = Path({str(tmp_path)!r})\ncnnlab.language({NAME!r});",
        *SHOWN,
    )
    run_all(page)
    page.wait_for_function(
        "(n) => document.querySelectorAll('.cnnlab .drawing').length >= n", arg=len(SHOWN)
    )
    answered(page)
    shown = page.locator(".cnnlab")
    assert shown.count() == len(SHOWN) and page.said == []
    written = [root.evaluate(WRITTEN) for root in shown.all()]
    assert all("⟦" in texts[0] for texts in written)
    english = [unmarked(" ⟦⟧ ".join(texts), NAMES) for texts in written]
    assert {call: words for call, words in zip(SHOWN, english, strict=True) if words} == {}
