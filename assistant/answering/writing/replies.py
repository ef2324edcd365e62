"""A model's streamed reply -> finished sentences, each with the ids that it cites.

The prompt asks for one sentence a line with its ids behind it. Models also write several to a
line, put the ids before the full stop or on the next line, join them by commas, give ranges, and
use other brackets; all of these are read. An id is a passage's tag and a sentence's number:
`[q7x2.3]`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.answering.writing.fence import SentenceId, plain_text
from assistant.passages import split_sentences

NOT_FOUND = "NOT IN THE LIBRARY"

_GROUP = re.compile(r"\s*[\[(【]([^\[\]()【】\n]{1,120})[\])】]")
_RUN = re.compile(rf"(?:{_GROUP.pattern})+")
_ID = re.compile(r"([a-z][a-z0-9]{2,7})\.(\d{1,3})(?:-(?:([a-z][a-z0-9]{2,7})\.)?(\d{1,3}))?")
_FOREIGN = re.compile(r"\^?\d{1,3}(?:-\d{1,3})?|\d+(?::\d+)?†.*")  # marks of other citation styles
_END = re.compile(r"[.!?…]+[\"'”’»)]*")
_ENDED = re.compile(r"[.!?…][\"'”’»)]*\Z")
_LIST_MARK = re.compile(r"\A(?:[-*•–]\s+|\d{1,2}[.)]\s+|#{1,6}\s+|>\s+)")
_DOUBLED_END = re.compile(r"(?<![.])([.!?…][\"'”’»)]*)\.\Z")
_THINK, _THOUGHT = "<think>", "</think>"
_LONGEST_RANGE = 10


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a reply without its ids, and the ids, whether they point at anything or not.

    `body` is empty where a line holds nothing but ids.
    """

    body: str
    ids: tuple[SentenceId, ...] = ()

    @property
    def refuses(self) -> bool:
        """Whether it is the line that says that the articles do not answer."""
        letters = re.sub(r"[^A-Z ]", "", self.body.upper()).strip()
        return letters.startswith(NOT_FOUND)


class SentenceStream:
    """Collects a reply piece by piece and hands out each sentence as soon as it is finished.

    `tags` are the passages' tags: round brackets are read as ids only around these.
    """

    def __init__(self, tags: Collection[str]) -> None:
        self._tags = tags
        self._buffer = ""
        self._answering = False
        self._uncited: Sentence | None = None  # its ids may come on the next line

    def feed(self, text: str) -> list[Sentence]:
        """Take the next piece in; return the sentences that it finishes."""
        self._buffer += text
        if not self._past_thoughts():
            return []
        sentences: list[Sentence] = []
        while (cut := _finished(self._buffer, self._tags)) is not None:
            unit, self._buffer = self._buffer[:cut], self._buffer[cut:]
            sentences += self._settle(read_sentences(unit, self._tags))
        return sentences

    def finish(self) -> list[Sentence]:
        """Return what the reply ended with."""
        rest = self._buffer if self._past_thoughts() else ""
        sentences = [*self._settle(read_sentences(rest, self._tags))]
        return [*sentences, self._uncited] if self._uncited else sentences

    def _past_thoughts(self) -> bool:
        """Leave out what some models write down between <think> and </think> before they answer."""
        if self._answering:
            return True
        text = self._buffer.lstrip()
        if text.startswith(_THINK):
            _, found, text = text.partition(_THOUGHT)
            self._answering = bool(found)
        else:
            self._answering = not _THINK.startswith(text)
        if self._answering:
            self._buffer = text
        return self._answering

    def _settle(self, sentences: Iterable[Sentence]) -> Iterator[Sentence]:
        """Give ids on a line of their own to the sentence before them."""
        for sentence in sentences:
            waiting, self._uncited = self._uncited, None
            if not sentence.body:
                if waiting:
                    yield replace(waiting, ids=sentence.ids)
                continue
            if waiting:
                yield waiting
            if sentence.ids or sentence.refuses:
                yield sentence
            else:
                self._uncited = sentence


def read_sentences(text: str, tags: Collection[str]) -> list[Sentence]:
    """Read one line, or a part of it that ends with ids: the ids belong to its last sentence.

    >>> read_sentences("Snow fell. The road was shut [q7x2.1, q7x2.3].", {"q7x2"})[1]
    Sentence(body='The road was shut.', ids=(('q7x2', 1), ('q7x2', 3)))
    """
    ids: list[SentenceId] = []

    def take(group: re.Match[str]) -> str:
        found = _ids_of(group, tags)
        ids.extend(found or ())
        return group[0] if found is None else ""

    body = _LIST_MARK.sub("", plain_text(_GROUP.sub(take, text)))
    if ids:
        body = _DOUBLED_END.sub(r"\1", body)
    if not any(character.isalnum() for character in body):
        return [Sentence("", tuple(ids))] if ids else []
    *before, last = (body[start:end] for start, end in split_sentences(body))
    return [*map(Sentence, before), Sentence(last, tuple(dict.fromkeys(ids)))]


def _finished(text: str, tags: Collection[str]) -> int | None:
    """Where the first finished part ends: behind ids that close a sentence, or at a line's end."""
    newline = text.find("\n")
    line = text if newline < 0 else text[:newline]
    for run in _RUN.finditer(line):
        if any(_ids_of(group, tags) is None for group in _GROUP.finditer(run[0])):
            continue
        mark = _END.match(line, run.end())
        end = mark.end() if mark else run.end()
        following = re.match(r"\s+([^\s\[(【])", line[end:])
        closed = mark or _ENDED.search(line[: run.start()])
        if closed and following and not following[1].islower():
            return end
    return None if newline < 0 else newline + 1


def _ids_of(group: re.Match[str], tags: Collection[str]) -> list[SentenceId] | None:
    """Read the ids of one bracket; None where it holds words instead."""
    ids: list[SentenceId] = []
    joined = re.sub(r"\s*[-–]\s*", "-", group[1].strip().lower())
    for token in re.split(r"[,;&\s]+|\band\b", joined):
        found = _ID.fullmatch(token)
        if "(" in group[0] and token and not (found and found[1] in tags):
            return None
        if found:
            ids += _expanded(found)
        elif token and not _FOREIGN.fullmatch(token):
            return None
    return ids


def _expanded(found: re.Match[str]) -> list[SentenceId]:
    """The ids of `q7x2.3`, or of a range such as `q7x2.3-5` or `q7x2.3-q7x2.5`."""
    tag, first = found[1], int(found[2])
    last = int(found[4] or first)
    if found[3] not in (None, tag) or not first <= last < first + _LONGEST_RANGE:
        return [(tag, first), (found[3] or tag, last)]
    return [(tag, number) for number in range(first, last + 1)]
