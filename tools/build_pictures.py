"""Draw the pictures in the README: views as they stand in JupyterLab.

python tools/build_pictures.py
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from helpers.browser.driver import ARGUMENTS, Lab, answered, browser_path, run_all, shut_down

ROOT = Path(__file__).parents[1]
PICTURES = {
    "convolution": "views.Convolution(step=13)",
    "trainer": "views.Trainer(film='clothes', picture=7, panel='confusion')",
    "networkexplorer": (
        "views.NetworkExplorer(cnnlab.film('looking').net(), cnnlab.data.load(), picture=7)"
    ),
}


def main():
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        lab, browser = (
            Lab(Path(folder)),
            driver.chromium.launch(executable_path=browser_path(), args=ARGUMENTS),
        )
        try:
            page = browser.new_page(
                viewport={"width": 1280, "height": 720}, device_scale_factor=1.5
            )
            lab.load(
                page,
                lab.write(
                    "pictures.ipynb", "import cnnlab\nfrom cnnlab import views", *PICTURES.values()
                ),
            )
            run_all(page)
            page.wait_for_function(
                "(n) => document.querySelectorAll('.cnnlab .drawing').length === n",
                arg=len(PICTURES),
            )
            answered(page)
            for name in PICTURES:
                page.locator(f".cnnlab.{name}").screenshot(path=ROOT / "docs" / f"{name}.png")
            shut_down(page)
        finally:
            browser.close()
            lab.stop()


if __name__ == "__main__":
    main()
