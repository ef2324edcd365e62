"""What each source tells of the one thing a question asks for: a number, a holder, a culprit.

Conservative: only where a sentence is on the question's topic (the asked noun, the asked deed, the
names), and each voice once. A later figure of the same outlet is an update of its first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from assistant.answering.attribution import speaker_of
from assistant.answering.dategrammar import MONTHS
from assistant.answering.datewords import find_mentions
from assistant.answering.events import find_event
from assistant.answering.figures import Figure, read_figures
from assistant.answering.holders import Actor, Relation, asked_relation, find_actor
from assistant.answering.names import KnownWords, find_names, fold
from assistant.answering.reprints import Reprints
from assistant.answering.status import status_of
from assistant.passages import count_words
from assistant.types import Citation, Event, Evidence

_HOW_MANY = re.compile(
    r"\bhow\s+many\s+(?P<thing>(?:[\w'’-]+\s+){1,5}?)"
    r"(?:was|were|is|are|did|do|does|has|have|had|will|took|take|died|left|came|got|struck|attacked"
    r"|of\s+(?:the|its|his)|on\b|in\b)\b",
    re.IGNORECASE,
)
# Deeds that numbers are given for; a quote must tell of the one that the question asks about.
_DEEDS: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "killed kill kills killing died die dead deaths death toll slain perished lives fatalities",
        "wounded injured hurt wounds injuries",
        "captured arrested detained seized taken",
        "displaced fled evacuated left",
        "destroyed damaged",
    )
)
_LEAVING = _DEEDS[3]  # told of once for a whole report
_ROUGHLY = re.compile(
    r"(?P<least>at\s+least)|(?P<over>more\s+than|over)|(?P<under>fewer\s+than|less\s+than|at\s+most|up\s+to)"
    r"|(?P<about>about|around|nearly|almost|some|roughly|approximately)",
    re.IGNORECASE,
)
_APPROXIMATELY = re.compile(rf"(?:{_ROUGHLY.pattern})\s+$", re.IGNORECASE)
# "the number of people killed has risen to 27", "the toll stands at 27", "the tanks numbered four"
_TOLL = re.compile(
    r"\b(?:number\s+of\s+(?P<thing>\w+)|(?P<toll>toll))\b[^.;]{0,80}?"
    r"\b(?:to|at|is|was|reached|passed|of)\s+(?:at\s+least\s+|about\s+)?$"
    r"|\b(?P<numbered>\w+)\b(?:\s+\w+){0,3}\s+numbered\s+$",
    re.IGNORECASE,
)
_PART_OF = re.compile(
    r"\b(?:including|among\s+(?:them|whom|the)|of\s+(?:them|whom|which)|other|another)\s+(?:at\s+least\s+)?$",
    re.IGNORECASE,
)
_PERSONS = frozenset(("people", "persons", "person", "civilians", "civilian", "victims"))
# After these, or a mark, the words tell of something else than the number.
_ENDS_COUNTED = re.compile(
    r"\W|and|as|while|when|in|at|after|by|with|on|from|near|but", re.IGNORECASE
)
_VERBS = frozenset(("had", "have", "were", "was", "died"))
_KILLED = re.compile(
    rf"\b(?:killed|killing|kills|claimed)\s+(?:(?:{_ROUGHLY.pattern})\s+)?$", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_NEAR, _CLOSE = 300, 120  # characters before a quote
_LONGEST = 60  # words of a sentence that may stand as a quote
_LATER = timedelta(
    days=31
)  # within which a report of an event that the question dates is looked for
_NEARBY = 0.1  # what a rough number may be off


@dataclass(frozen=True, slots=True)
class Value:
    """A number (with the word before it that makes it rough), or a party."""

    words: str
    number: Decimal | None = None
    rough: str = ""
    actor: Actor | None = None

    def agrees(self, other: Value) -> bool:
        """Whether both can be true of one thing at one time."""
        if self.actor is not None and other.actor is not None:
            return self.actor.same(other.actor)
        if self.number is None or other.number is None:
            return False
        return self.number == other.number or _may_be(self, other) or _may_be(other, self)


def _may_be(rough: Value, exact: Value) -> bool:
    if rough.number is None or exact.number is None or not rough.rough:
        return False
    low = float(rough.number) * (1 - _NEARBY)
    high = float(rough.number) * (1 + _NEARBY)
    told = float(exact.number)
    if rough.rough == "over":
        return float(rough.number) <= told <= high
    if rough.rough == "under":
        return low <= told <= float(rough.number)
    return rough.rough == "about" and low <= told <= high


@dataclass(frozen=True, slots=True)
class Telling:
    """One sentence that gives a value, and whose word it is.

    `citation` has marker 0 where no statement cites it yet. `also`: every number that the report
    gives for the thing.
    """

    value: Value
    citation: Citation
    outlet: str
    speaker: str | None
    event: Event | None
    also: frozenset[Decimal] = frozenset()

    def agrees(self, other: Telling) -> bool:
        """Whether both values can be true, or one report gives the other's value as well."""
        if self.value.agrees(other.value):
            return True
        if self.citation.article_id == other.citation.article_id:
            return False
        return self.value.number in other.also or other.value.number in self.also


@dataclass(frozen=True, slots=True)
class Asked:
    """The one thing that a question asks for, as far as tellings of it can be compared."""

    question: str
    about: str
    thing: str = ""
    relation: Relation | None = None


def asked_thing(question: str) -> Asked | None:
    """What a question counts, or whose hand it asks after; None: tellings cannot be compared."""
    counted = _HOW_MANY.search(question)
    if counted is not None:
        thing = " ".join(counted["thing"].split())
        words = re.findall(r"[a-z]+", question.lower())
        deeds = [word for word in words if any(word in deed for deed in _DEEDS)]
        return Asked(question, " ".join(["number of", thing, *deeds[:1]]), thing)
    relation = asked_relation(question)
    if relation is None:
        return None
    about = "who holds it" if relation == "holds" else "who was behind it"
    return Asked(question, about, relation=relation)


def find_tellings(
    asked: Asked,
    citations: Sequence[Citation],
    evidence: Sequence[Evidence],
    reprints: Reprints | None = None,
) -> list[Telling]:
    """What the citations give, then what other sentences of the evidence give besides.

    Each voice (an outlet, or a speaker inside one article) is heard once; the same words are one
    voice, whoever carries them, and so are reprints. Evidence is listened to only where a citation
    gives a value.
    """
    texts = {(e.passage.article_id, e.passage.revision): e.article.text for e in evidence}
    heard: list[Telling] = []
    for citation in citations:
        text = texts.get((citation.article_id, citation.revision), "")
        heard += _tellings([citation], asked, text, heard, reprints, strict=False)
    if not heard:
        return []
    by_article: dict[str, list[Evidence]] = {}
    for item in evidence:
        if _in_time(asked, item):
            by_article.setdefault(item.article.id, []).append(item)
    for items in by_article.values():
        sentences = sorted(
            (sentence for item in items for sentence in _sentences(item)),
            key=lambda sentence: -len(_words(sentence.quote) & _words(asked.question)),
        )
        text = items[0].article.text
        heard += _tellings(sentences, asked, text, heard, reprints, strict=True)
    return _updated(heard)


def first_telling(asked: Asked, evidence: Sequence[Evidence]) -> Telling | None:
    """The first sentence of the evidence that gives a value, however little it names."""
    for item in evidence:
        text, sentences = item.article.text, list(_sentences(item))
        for strict in (False, True):
            for telling in _tellings(sentences, asked, text, (), None, strict=strict):
                return telling
    return None


def _tellings(
    citations: Iterable[Citation],
    asked: Asked,
    text: str,
    heard: Sequence[Telling],
    reprints: Reprints | None,
    *,
    strict: bool,
) -> Iterator[Telling]:
    known = list(heard)
    for citation in citations:
        telling = _telling(citation, asked, text, strict=strict)
        if telling is None or any(_same_voice(telling, other, reprints) for other in known):
            continue
        known.append(telling)
        yield telling


def _telling(citation: Citation, asked: Asked, text: str, *, strict: bool) -> Telling | None:
    before = text[max(0, citation.start - _CLOSE) : citation.start]
    value = _value(citation.quote, asked, before)  # looked for first: it is cheap
    if value is None or not _on_topic(asked, citation, text, strict=strict):
        return None
    outlet = (citation.source or citation.publisher or citation.article_id).casefold()
    speaker = speaker_of(text, citation.start, citation.end) if text else None
    event = find_event(citation.quote, citation.published)
    also = frozenset(f.value for f in _asked_numbers(text, asked)) if asked.thing else frozenset()
    return Telling(value, citation, outlet, speaker, event, also)


def _value(quote: str, asked: Asked, before: str = "") -> Value | None:
    if asked.relation is not None:
        if status_of(quote) in ("expected", "denied"):
            return None
        actor = find_actor(quote, asked.relation)
        return Value(actor.words, actor=actor) if actor else None
    figures = {figure.value: figure for figure in _asked_numbers(quote, asked, before)}
    if len(figures) != 1:
        return None
    figure = next(iter(figures.values()))
    near = _APPROXIMATELY.search(quote[: figure.start])
    start = near.start() if near else figure.start
    words = " ".join(quote[start : figure.end].split()).lower()
    return Value(words, number=figure.value, rough=(near.lastgroup or "") if near else "")


def _same_voice(one: Telling, other: Telling, reprints: Reprints | None) -> bool:
    """Whether both are one source's word: the same words, or one report without two speakers."""
    mine, theirs = one.citation, other.citation
    if _plain(mine.quote) == _plain(theirs.quote):
        # In one article the second time is no new word; in two it is a reprint.
        return mine.marker == 0 or mine.article_id == theirs.article_id
    ids = {mine.article_id, theirs.article_id}
    if reprints is not None:
        ids = {reprints.origin(article_id) for article_id in ids}
    if len(ids) > 1:
        return False
    return one.speaker is None or other.speaker is None or one.speaker == other.speaker


def _updated(tellings: Sequence[Telling]) -> list[Telling]:
    """Without what the same outlet has since put right."""
    kept = []
    for one in tellings:
        later = (
            other
            for other in tellings
            if other.outlet == one.outlet
            and other.citation.article_id != one.citation.article_id
            and (other.citation.published or date.min) > (one.citation.published or date.min)
        )
        if one.citation.marker or next(later, None) is None:
            kept.append(one)
    return kept


def _sentences(evidence: Evidence) -> Iterator[Citation]:
    """The sentences of a passage that are short enough to quote, as citations without a marker."""
    article, passage = evidence.article, evidence.passage
    for start, end in passage.sentences:
        quote = article.text[start:end]
        if quote.strip() and count_words(quote) <= _LONGEST:
            yield Citation(
                marker=0,
                article_id=article.id,
                revision=passage.revision,
                passage_id=passage.id,
                title=article.title,
                source=article.source,
                publisher=article.publisher,
                published=article.published,
                url=article.url,
                quote=quote,
                start=start,
                end=end,
            )


def _in_time(asked: Asked, evidence: Evidence) -> bool:
    """Whether an article was reported when the question's own date lets it speak of the event."""
    spans = [mention.event for mention in find_mentions(asked.question, None)]
    day = evidence.article.published
    if not spans or day is None:
        return True
    return any(span.start <= day <= span.end + _LATER for span in spans)


def _on_topic(asked: Asked, citation: Citation, text: str, *, strict: bool) -> bool:
    """Whether quote or title names what the question names (if it names anything).

    `strict`: the article names all of it, and some of it stands close before the quote.
    """
    dates = {word for m in find_mentions(asked.question, None) for word in m.event.words.split()}
    names = [
        name.word
        for name in find_names(asked.question)
        if name.word not in dates and name.word not in MONTHS
    ]
    near = [text[max(0, citation.start - _NEAR) : citation.end], citation.quote, citation.title]
    if names and not any(_names(part, near) for name in names for part in name.split("-")):
        return False
    if strict and not (names and all(_names(name, [text, citation.title]) for name in names)):
        return False
    deeds = [deed for deed in _DEEDS if deed & _words(asked.question)]
    told = _words(citation.quote)
    return bool(asked.relation) or all(
        deed & (_words(text) if deed is _LEAVING else told) for deed in deeds
    )


def _names(name: str, texts: Sequence[str]) -> bool:
    """Whether texts hold a name, or each part of it, with its hyphen or without ("Bel-Korra")."""
    known = _known(tuple(texts))
    if known.hold(name) or all(known.hold(part) for part in name.split("-")):
        return True
    plain = fold(name).replace("-", "")
    return any(plain in fold(text.replace("-", "")) for text in texts)


@lru_cache(maxsize=64)
def _known(texts: tuple[str, ...]) -> KnownWords:
    """An article is asked for many names, and read once."""
    return KnownWords(texts)


def _asked_numbers(quote: str, asked: Asked, context: str = "") -> list[Figure]:
    """The numbers that count the asked thing; `context` is what stands before the quote."""
    head = _singular(asked.thing.split()[-1].lower())
    others = [deed for deed in _DEEDS if not deed & _words(asked.question)]
    found = []
    for figure in read_figures(quote):
        if figure.unit or figure.ordinal or _YEAR.fullmatch(figure.words):
            continue
        before = quote[max(0, figure.start - _CLOSE) : figure.start]
        if _PART_OF.search(before):
            continue
        after = re.findall(r"[\w'’-]+|[^\w\s]", quote[figure.end : figure.end + 80])[:4]
        stop = next((i for i, w in enumerate(after) if _ENDS_COUNTED.fullmatch(w)), len(after))
        near = [w.lower() for w in after[:stop]]
        if any(set(near) & deed for deed in others):
            continue  # "12 killed, 30 people wounded"
        counted = {_singular(word) for word in near[: 4 if near[:1] == ["of"] else 3]}
        counted |= _counted_before(before)
        bare = not near or near[0] in _VERBS
        if (
            head in counted
            or (head == "person" and near[:1] in (["dead"], ["killed"], ["died"]))
            or (head == "person" and bare and _KILLED.search(before))
            or (bare and near and head in {_singular(w) for w in _words(context)})
        ):
            found.append(figure)
    return found


def _counted_before(before: str) -> set[str]:
    """What the words before a number say that it counts; a toll counts persons."""
    told = _TOLL.search(before)
    if told is None:
        return set()
    if told["numbered"]:
        return {_singular(word.lower()) for word in told.group().split()[:-1]}
    return {"person" if told["toll"] else _singular(told["thing"].lower())}


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _singular(word: str) -> str:
    if word in _PERSONS:
        return "person"
    irregular = {"men": "man", "women": "woman", "children": "child"}
    return irregular.get(word, re.sub(r"(?<=\w\w\w)s$", "", word))
