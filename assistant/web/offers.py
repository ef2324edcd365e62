"""What a library offers its reader: regions and tags to narrow by, and questions that it answers.

Each is looked up when it is first wanted, and again when the library has changed.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from assistant.errors import DatelineError
from assistant.types import Article

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

Value = TypeVar("Value")

QUESTIONS = 4
"""Questions that are offered."""

TRIES = 8
"""Questions that are put to the library to find them: what a first reader's machine spends."""

ARTICLES = 40
"""Articles that are read for them; of many, nothing can be asked."""

MOST_NAMES = 300
"""Regions or tags that a list holds; another can be typed."""

_WORDS = r"[A-Z][\w’-]+(?: (?:(?:al|el|bin|ibn|de|von) )?[A-Z][\w’-]+)"
# A name follows a small word: the first word of a sentence may be a name or not.
_NAME = re.compile(rf"\b[a-z][\w’-]*,? ({_WORDS}{{0,3}})")
# "The mayor, Ola Brandt, said": not "the Observatory for Human Rights said".
_SPEAKER = re.compile(
    rf"\b(?!(?:for|of|and)\b)[a-z][\w’-]*,? ({_WORDS}{{1,2}}),?"
    r"(?: [^,.\n]{3,60},)? (?:said|told)\b"
)
# "40 lorries were waiting in Norrvik": what is counted, what became of it, where.
_COUNT = re.compile(
    rf"\b\d[\d,]* ((?:[a-z]+ )?(?:people|[a-z]{{3,}}s)) "
    rf"((?:were|have been|had been) [a-z]+(?:ed|en|wn|ing) (?:in|at|near|from) {_WORDS}{{0,3}})"
)
_CALENDAR = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July"
    r"|August|September|October|November|December)\b"
)


class Facets(NamedTuple):
    """Names to narrow by, in order of the alphabet: of many, those that most articles carry."""

    regions: tuple[str, ...]
    tags: tuple[str, ...]


class Offers:
    """The offers of one assistant's library, kept for as long as its generation lasts.

    Safe to ask from several threads: one looks up, the others wait for what it finds.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._facets = _Kept(lambda: facets_of(assistant.articles()))
        self._questions = _Kept(lambda: tuple(islice(answered_questions(assistant), QUESTIONS)))

    def facets(self) -> Facets:
        """The regions and tags that the library's articles carry.

        Raises:
            LibraryError: the library cannot be read.
        """
        return self._facets.of(self._assistant.manifest().generation)

    def questions(self) -> tuple[str, ...]:
        """Questions from the library's own articles, each answered from the article that it is of.

        Raises:
            LibraryError: the library cannot be read.
        """
        return self._questions.of(self._assistant.manifest().generation)


class _Kept(Generic[Value]):
    """A value that is made once a generation."""

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._held: tuple[int, Value] | None = None

    def of(self, generation: int) -> Value:
        with self._lock:
            if self._held is None or self._held[0] != generation:
                self._held = (generation, self._make())
            return self._held[1]


def facets_of(articles: Iterable[Article]) -> Facets:
    """The regions and tags of some articles; of spellings that differ in case, the usual one."""
    regions: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    for article in articles:
        regions.update([article.region.strip()])
        tags.update({tag.strip() for tag in article.tags})
    return Facets(_names(regions), _names(tags))


def _names(counted: Counter[str]) -> tuple[str, ...]:
    usual: dict[str, str] = {}
    for name, _ in counted.most_common():
        if name:
            usual.setdefault(name.casefold(), name)
    return tuple(sorted(list(usual.values())[:MOST_NAMES], key=str.casefold))


def answered_questions(assistant: Assistant) -> Iterator[str]:
    """Questions that the quoting writer answers from the article that they were made from.

    At most one an article, and at most `TRIES` are tried.
    """
    tries = 0
    for chosen in spread(assistant.articles(), ARTICLES):
        try:
            article = assistant.article(chosen.id)
            for question in questions_about(article):
                if tries == TRIES:
                    return
                tries += 1
                answer = assistant.ask(question, writer="quote")
                if not answer.abstained and answer.citations[0].article_id == article.id:
                    yield question
                    break
        except DatelineError:
            continue  # it went meanwhile, or cannot be asked: what is offered is a courtesy


def spread(articles: Sequence[Article], count: int) -> list[Article]:
    """So many articles from all over a list, of different titles."""
    titled = list({a.title.casefold(): a for a in articles if a.title.strip()}.values())
    step = max(1, len(titled) // count)
    return titled[::step][:count]


def questions_about(article: Article) -> list[str]:
    """Questions that an article may answer, the most telling first.

    Its title, where that asks something; how many, of what it counts; what those said whom it
    lets speak; and what it names most.
    """
    title = " ".join(article.title.split())
    if title.endswith("?") and len(title.split()) > 3:
        return [title]
    text = article.text
    asked = [f"How many {what} {became}?" for what, became in _COUNT.findall(text)[:1]]
    asked += [f"What did {who} say?" for who in _SPEAKER.findall(text)[:1]]
    asked += [f"What is known about {name}?" for name in names_in(text)[:1] if " " in name]
    return [" ".join(question.split()) for question in asked if not _CALENDAR.search(question)]


def names_in(text: str) -> list[str]:
    """What a text names more than once in the middle of a sentence, the most frequent first."""
    counted = Counter(
        " ".join(found[1].split())
        for found in _NAME.finditer(text)
        if not _CALENDAR.search(found[1])
    )
    return [name for name, times in counted.most_common() if times > 1 and len(name) > 3]
