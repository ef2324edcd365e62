"""Articles in Markdown with front matter -> sentences, each with its context."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from assistant.passages import split_sentences

_FRONT = re.compile(r"---\n(.*?)\n---\n(.*)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LONGEST = 400  # characters: what is longer is a list or a table


@dataclass(frozen=True, slots=True)
class NewsArticle:
    """One article: its title, outlet, date in words ("" where unknown) and sentences."""

    id: str
    title: str
    source: str
    date: str
    category: str
    sentences: tuple[str, ...]

    def context(self, index: int) -> str:
        """Title with the date, and the sentence before: what a reader sees beside a sentence."""
        before = self.sentences[index - 1] if index else ""
        return join_context(self.title, self.date, before)


def join_context(title: str, day: str, before: str) -> str:
    """Write a context.

    >>> join_context("Army takes town", "23 June 2017", "It rained.")
    'Army takes town (23 June 2017). It rained.'
    """
    head = f"{title} ({day})." if day else f"{title}."
    return f"{head} {before}".strip()


def read_articles(folders: Iterable[Path]) -> list[NewsArticle]:
    """Read every `*.md` file of the folders, in order of their names."""
    articles = []
    for folder in folders:
        for path in sorted(folder.glob("*.md")):
            article = _read(path)
            if article is not None and article.sentences:
                articles.append(article)
    return articles


def _read(path: Path) -> NewsArticle | None:
    match = _FRONT.match(path.read_text(encoding="utf-8"))
    if match is None:
        return None
    fields = yaml.safe_load(_CONTROL.sub(" ", match.group(1)))
    text = match.group(2).strip()
    spoken = tuple(
        " ".join(text[start:end].split())
        for start, end in split_sentences(text)
        if end - start <= _LONGEST
    )
    return NewsArticle(
        id=str(fields.get("id") or path.stem),
        title=" ".join(str(fields.get("title") or "").split()).rstrip(". "),
        source=str(fields.get("source") or ""),
        date=date_in_words(str(fields.get("published_at") or "")),
        category=str(fields.get("category") or ""),
        sentences=spoken,
    )


def date_in_words(stamp: str) -> str:
    """A time stamp's day in words, or "".

    >>> date_in_words("2017-06-23T10:00:00Z")
    '23 June 2017'
    >>> date_in_words("")
    ''
    """
    try:
        day = date.fromisoformat(stamp[:10])
    except ValueError:
        return ""
    return f"{day.day} {day:%B %Y}"


_SPEAKS = re.compile(r"\b(?:I|[Ww]e|[Yy]ou|[Mm]y|[Oo]ur|[Yy]our|me|us|myself)\b")
_ODD = re.compile(r"[|•@#*_\[\]{}<>=~✨🔥📨]|https?:|www\.|\.\.\.|…|--|—")
_DATELINE = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]* \d|\d|[A-Z]{3,}[ ,].{0,30} - ")


# A headline that ran into the sentence: a capital where none belongs.
_HEADLINE = re.compile(
    r"[a-z] (?:The|At|A|An|In|On|Two|Three|More|It|He|Last|Rebels) |[A-Z]{3,} At "
)


def is_plain(sentence: str) -> bool:
    """Whether a sentence is prose that a question can be made from.

    >>> is_plain("The army took the town on Friday.")
    True
    >>> is_plain("Buy it now at www.shop.com!")
    False
    """
    words = sentence.split()
    return (
        6 <= len(words) <= 45
        and sentence[0].isupper()
        and sentence[-1] in '."”’'
        and not _SPEAKS.search(sentence)
        and not _ODD.search(sentence)
        and not _DATELINE.match(sentence)
        and sum(word[0].isupper() for word in words) < 0.6 * len(words)
        and not _HEADLINE.search(sentence)
        and sentence.count("(") == sentence.count(")")
    )
