"""Evidence -> the fenced text that a model reads, and the way back from its ids to the sentences.

Each passage has a tag that is drawn for this one request, so nothing inside an article can know
it: an article can neither close the fence nor write a sentence in another's name, and an id that
the model makes up points at nothing.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answering.drafts import Quote
from assistant.passages import count_words
from assistant.types import Evidence, Passage

# No vowels, so that no tag is a word; no 0, 1 or l, so that none is misread.
_LETTERS = "bcdfghjkmnpqrstvwxz"
_DIGITS = "23456789"
_FIELD_LIMIT = 200  # characters of a title or of an outlet's name

SentenceId = tuple[str, int]  # the passage's tag, and the sentence's number in it, from 1
Draw = Callable[[], str]


def draw_tag() -> str:
    """Draw four characters, with a letter first and a digit second."""
    rest = (secrets.choice(_LETTERS + _DIGITS) for _ in range(2))
    return secrets.choice(_LETTERS) + secrets.choice(_DIGITS) + "".join(rest)


@dataclass(frozen=True, slots=True)
class Fence:
    """The passages of one request under their tags, and the mark of the fence around them."""

    mark: str
    passages: dict[str, Evidence]
    max_words: int

    def _citable(self, evidence: Evidence, number: int) -> bool:
        """Whether a sentence is short enough to be quoted whole; a part could lose its hedge."""
        start, end = evidence.passage.sentences[number - 1]
        return count_words(evidence.article.text[start:end]) <= self.max_words

    def render(self) -> str:
        """Write the passages out: a line of metadata each, then one line a sentence.

        A sentence that is too long to be quoted stands there without an id.
        """
        return "\n\n".join(self._block(tag, evidence) for tag, evidence in self.passages.items())

    def known(self, sentence: SentenceId) -> bool:
        """Whether an id points at a sentence that was given to the model to cite."""
        tag, number = sentence
        evidence = self.passages.get(tag)
        if evidence is None or not 1 <= number <= len(evidence.passage.sentences):
            return False
        return self._citable(evidence, number)

    def quotes(self, sentences: Sequence[SentenceId]) -> tuple[Quote, ...]:
        """Turn ids (known ones) into quotes, in the order in which they were first cited.

        Neighbours in one passage become one quote of at most `max_words` words.
        """
        quotes: list[Quote] = []
        for tag in dict.fromkeys(tag for tag, _ in sentences):
            evidence = self.passages[tag]
            numbers = sorted({number for other, number in sentences if other == tag})
            for start, end in _runs(evidence.passage, numbers, self.max_words):
                quotes.append(Quote(evidence.article, evidence.passage.id, start, end))
        return tuple(quotes)

    def _block(self, tag: str, evidence: Evidence) -> str:
        article, passage = evidence.article, evidence.passage
        outlet = article.source or article.publisher or "unknown"
        if article.source and article.publisher and article.publisher != article.source:
            outlet += f", carried by {article.publisher}"
        published = article.published.isoformat() if article.published else "unknown"
        fields = {"title": article.title or "unknown", "outlet": outlet, "published": published}
        lines = [
            f"passage {tag}",
            *(f"  {name}: {plain_text(value)[:_FIELD_LIMIT]}" for name, value in fields.items()),
        ]
        for number, (start, end) in enumerate(passage.sentences, start=1):
            label = f"[{tag}.{number}]" if self._citable(evidence, number) else "-"
            lines.append(f"{label} {plain_text(article.text[start:end])}")
        return "\n".join(lines)


def build_fence(evidence: Sequence[Evidence], draw: Draw = draw_tag, max_words: int = 60) -> Fence:
    """Give each passage a tag of its own that occurs in no article at hand."""
    taken: set[str] = set()

    def fresh() -> str:
        while True:
            tag = draw()
            if tag not in taken and not any(tag in e.passage.text.lower() for e in evidence):
                taken.add(tag)
                return tag

    mark = fresh() + fresh()
    return Fence(mark, {fresh(): e for e in evidence}, max_words)


def plain_text(text: str) -> str:
    r"""One line without control characters, lone surrogates or marks that reverse the writing.

    >>> plain_text("held\nby \u202eISIS\x1b[0m")
    'held by ISIS[0m'
    """
    kept = (" " if c.isspace() else c for c in text if c.isspace() or not _harmful(c))
    return " ".join("".join(kept).split())


def _harmful(character: str) -> bool:
    turns = "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"
    return turns or unicodedata.category(character) in ("Cc", "Cs")


def _runs(passage: Passage, numbers: Sequence[int], max_words: int) -> list[tuple[int, int]]:
    """Join neighbouring sentences while they stay within `max_words` words."""
    runs: list[tuple[int, int]] = []
    last, words = -1, 0
    for number in numbers:
        start, end = passage.sentences[number - 1]
        length = count_words(passage.text[start - passage.start : end - passage.start])
        if runs and number == last + 1 and words + length <= max_words:
            runs[-1] = (runs[-1][0], end)
            words += length
        else:
            runs.append((start, end))
            words = length
        last = number
    return runs
