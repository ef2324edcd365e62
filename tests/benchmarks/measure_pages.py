"""What is left of pages written for the project: python -m tests.benchmarks.measure_pages [--text]

The pages in tests/data/pages have their article's words between ⟦ and ⟧, and between ⟪ and ⟫ what
is neither article nor furniture (headline, byline, date, caption); the marks are taken out before a
page is read. Prints, by page and in all, the share of the article's words that are lost and of the
other words that are left, for Dateline, for trafilatura alone, and for the page without its tags.

Words are compared in their order, by the longest common subsequence: of the article's words, those
that are in none with the text are lost; of the text's, those in none with the article (and what is
neither) are left. Half of the pages, by the hash of their names, is held out from tuning.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.articles import SourceFile, read_articles
from assistant.articles.markdown import strip_tags
from assistant.types import Article

PAGES = Path(__file__).parents[1] / "data" / "pages"
_MARKS = re.compile("[⟦⟧⟪⟫]")
_ARTICLE = re.compile("⟦(.*?)⟧", re.DOTALL)
_KNOWN = re.compile("⟦(.*?)⟧|⟪(.*?)⟫", re.DOTALL)
_UNSEEN = re.compile(r"<head\b.*?</head>|<title>.*?</title>|<(script|style)\b.*?</\1>", re.S | re.I)


@dataclass(frozen=True, slots=True)
class Page:
    """A page, the words of its article, those and what is neither, and all that one sees of it."""

    name: str
    text: str
    article: list[str]
    known: list[str]
    seen: list[str]

    @property
    def is_held(self) -> bool:
        """Whether the page was held out from tuning."""
        return hashlib.sha256(self.name.encode()).digest()[0] % 2 == 1


@dataclass(frozen=True, slots=True)
class Score:
    """Of one page or several: article words and those lost, other words and those left."""

    article: int = 0
    lost: int = 0
    other: int = 0
    left: int = 0

    def __add__(self, more: Score) -> Score:
        return Score(
            self.article + more.article,
            self.lost + more.lost,
            self.other + more.other,
            self.left + more.left,
        )

    def __str__(self) -> str:
        lost = 100 * self.lost / max(1, self.article)
        left = 100 * self.left / max(1, self.other)
        return f"{self.lost} ({lost:.1f} %) | {self.left} ({left:.1f} %)"


def read_pages(folder: Path = PAGES) -> list[Page]:
    """The marked pages of a folder, in the order of their names."""
    pages = []
    for path in sorted(folder.iterdir()):
        marked = path.read_text(encoding="utf-8")
        body = _UNSEEN.sub(" ", marked)
        if path.suffix == ".md":
            body = re.sub(r"\A---\n.*?\n---\n", "", body, flags=re.DOTALL)
            body = re.sub(r"!\[[^\]]*\]\([^)]*\)|(?<=\])\([^)]*\)", "", body)
        plain = path.suffix != ".html"
        pages.append(
            Page(
                path.name,
                _MARKS.sub("", marked),
                [w for found in _ARTICLE.finditer(body) for w in words(found[1], plain)],
                [w for found in _KNOWN.finditer(body) for w in words(found[1] or found[2], plain)],
                words(_MARKS.sub("", body), plain),
            )
        )
    return pages


def words(text: str, plain: bool = False) -> list[str]:
    """The words of a text, of HTML without its tags."""
    text = text if plain else html.unescape(strip_tags(text))
    return re.findall(r"[^\W_]+", text.casefold())


def common(a: Sequence[str], b: Sequence[str]) -> int:
    """The length of the longest common subsequence, by the bits of an integer.

    H. Hyyrö, "Bit-parallel LCS-length computation revisited" (2004).

    >>> common("abcbdab", "bdcaba")
    4
    """
    places: dict[str, int] = {}
    for at, word in enumerate(a):
        places[word] = places.get(word, 0) | 1 << at
    full = row = (1 << len(a)) - 1
    for word in b:
        met = row & places.get(word, 0)
        row = ((row + met) | (row - met)) & full
    return len(a) - row.bit_count()


def dateline_text(page: Page) -> str:
    """The text of the article that the product makes of a page; "" where it refuses it."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, page.name)
        path.write_text(page.text, encoding="utf-8")
        found = next(iter(read_articles(SourceFile(path, path.parent))))
    return found.text if isinstance(found, Article) else ""


def trafilatura_text(page: Page) -> str:
    """What trafilatura makes of a page by itself; a page that is no HTML stays as it is."""
    import trafilatura

    html_page = page.name.endswith(".html")
    return trafilatura.extract(page.text) or "" if html_page else whole_text(page)


def whole_text(page: Page) -> str:
    """All that one sees of a page."""
    return " ".join(page.seen)


def score(page: Page, text: str) -> Score:
    """What a text lost of the page's article, and kept of the rest of the page."""
    made = words(text, plain=True)
    return Score(
        article=len(page.article),
        lost=len(page.article) - common(page.article, made),
        other=len(page.seen) - len(page.known),
        left=len(made) - common(page.known, made),
    )


METHODS: dict[str, Callable[[Page], str]] = {
    "Dateline": dateline_text,
    "trafilatura": trafilatura_text,
    "no cleaning": whole_text,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--text", action="store_true", help="show what is lost and left, too")
    show = parser.parse_args().text
    heads = " | ".join(f"{name}: lost | left" for name in METHODS)
    print(f"| page | article | other | {heads} |\n|---|---|---|" + "---|---|" * len(METHODS))
    sums = {half: dict.fromkeys(METHODS, Score()) for half in ("tuned on", "held out", "all")}
    for page in read_pages():
        scores = {name: score(page, method(page)) for name, method in METHODS.items()}
        half = "held out" if page.is_held else "tuned on"
        for name, found in scores.items():
            sums[half][name] += found
            sums["all"][name] += found
        first = next(iter(scores.values()))
        row = " | ".join(map(str, scores.values()))
        held = " (held out)" if page.is_held else ""
        print(f"| {page.name}{held} | {first.article} | {first.other} | {row} |")
        if show and not page.is_held and (first.lost or first.left):
            print(dateline_text(page))
    for half, totals in sums.items():
        first = next(iter(totals.values()))
        row = " | ".join(map(str, totals.values()))
        print(f"| {half} | {first.article} | {first.other} | {row} |")


if __name__ == "__main__":
    main()
