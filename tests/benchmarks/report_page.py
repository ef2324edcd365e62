"""How long the report of many cases takes to make, to open and to filter, and how large it is.

    python -m tests.benchmarks.report_page answers.jsonl [CASES]

The cases of a report's answers.jsonl are repeated up to CASES (2,500). It needs Chromium.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import sync_playwright

from assistant.evaluation import EvalReport
from assistant.evaluation.lines import result_of
from assistant.evaluation.page import render
from tests.browser import CHROMIUM, SWITCHES

FILTER = """() => new Promise((done) => {
  const words = document.querySelector("#filter input");
  words.value = "the";
  words.dispatchEvent(new Event("input"));
  const look = () => document.querySelector("#filter output").textContent ? done() : later();
  const later = () => requestAnimationFrame(look);
  later();
})"""


def main(answers: str, wanted: str = "2500") -> None:
    results = [result_of(line) for line in Path(answers).read_bytes().splitlines()]
    many = []
    for number in range(int(wanted)):
        result = results[number % len(results)]
        many.append(replace(result, case=replace(result.case, id=f"case-{number}")))
    began = time.perf_counter()
    page = render(EvalReport(tuple(many)))
    print(f"made in {time.perf_counter() - began:.1f} s, {len(page.encode()) / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder, "report.html")
        path.write_text(page, "utf-8")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        opened = browser.new_page()
        began = time.perf_counter()
        opened.goto(path.as_uri())
        print(f"opened in {time.perf_counter() - began:.1f} s")
        began = time.perf_counter()
        opened.evaluate(FILTER)
        print(f"filtered by words in {time.perf_counter() - began:.1f} s")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
