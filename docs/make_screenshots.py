"""Makes docs/chat.png: asks the chat a question over the sample library, opens the first citation.

    python docs/make_screenshots.py [--articles DIR] [--question TEXT] [--out FILE] [--dark]

Needs Debian's chromium. The index is made in a temporary folder and thrown away.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from assistant import sample
from assistant.pipeline import Assistant
from assistant.web import server

BIGGEST = 400_000
"""Bytes that the picture may have: it is in the repository."""

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def main() -> None:
    """Make the picture, and say what it shows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, help="folder to index (default: the sample)")
    parser.add_argument("--question", default=sample.EXAMPLES[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("chat.png"))
    parser.add_argument("--dark", action="store_true")
    options = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("no browser to take the picture with: apt-get install chromium")
    with (
        tempfile.TemporaryDirectory() as folder,
        Assistant.open(Path(folder) / "index", create=True) as assistant,
    ):
        assistant.index([options.articles or sample.articles_path()])
        with serving(assistant, on_sample=options.articles is None) as address:
            shoot(chromium, address, options.question, options.out, dark=options.dark)
    size = options.out.stat().st_size
    sys.stdout.write(f"{options.out}: {size:,} bytes\n")
    if size > BIGGEST:
        sys.exit(f"the picture is larger than {BIGGEST:,} bytes")


@contextmanager
def serving(assistant: Assistant, *, on_sample: bool) -> Iterator[str]:
    """The chat on a free port, in a thread; gives its address."""
    with server.listen("127.0.0.1", 0) as listener:
        examples = sample.EXAMPLES if on_sample else ()
        running = server.make_server(
            server.make_app(assistant, sample=on_sample, examples=examples)
        )
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield server.address(listener)
        running.should_exit = True
        thread.join(10)


def shoot(chromium: str, address: str, question: str, out: Path, *, dark: bool) -> None:
    """Ask the question, open the first citation, and take the picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        page = browser.new_page(
            viewport={"width": 1280, "height": 820},
            device_scale_factor=1.5,
            color_scheme="dark" if dark else "light",
        )
        page.goto(address)
        box = page.get_by_placeholder("Ask the library a question")
        expect(box).to_be_visible(timeout=30_000)
        box.fill(question)
        box.press("Enter")
        expect(page.locator(".dl-colophon")).to_be_visible(timeout=60_000)
        if page.locator(".dl-cite").count():
            page.locator(".dl-cite").first.click()
            expect(page.locator("#dl-pane mark").first).to_be_visible()
        page.wait_for_timeout(600)  # for the fade and the scrolling to end
        page.screenshot(path=out)
        browser.close()


if __name__ == "__main__":
    main()
