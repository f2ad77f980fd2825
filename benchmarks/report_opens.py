"""How long the HTML report of 20,000 cases with 50,000 findings takes to open in headless Chromium: python -m benchmarks.report_opens.

The time is from asking for the page to its load event, the median of several; the bar is two seconds.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from pbcheck.render import render
from pbcheck.render.html.folder import write_folder
from tests import reports
from tests.browser.conftest import BROWSERS

TIMES = 5


def main() -> None:
    program = next(found for name in BROWSERS if (found := shutil.which(name)))
    made = reports.many(50_000)
    with tempfile.TemporaryDirectory() as root, sync_playwright() as playwright:
        whole = Path(root) / "report.html"
        whole.write_text(render("html", made), encoding="utf-8")
        write_folder(made, Path(root) / "pages")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for words, path in (("one file", whole), ("index of the folder", Path(root) / "pages" / "index.html")):
            took = []
            for _ in range(TIMES):
                page = browser.new_page()
                start = time.perf_counter()
                page.goto(path.as_uri())
                took.append(time.perf_counter() - start)
                page.close()
            print(f"{words:<20} {path.stat().st_size / 1e6:4.1f} MB opens in {statistics.median(took):4.2f} s")
        browser.close()


if __name__ == "__main__":
    main()
