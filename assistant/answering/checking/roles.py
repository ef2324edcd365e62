"""Whether a claim exchanges who does and whom it is done to.

No parser: around each verb of the past that claim and quotes share ("took", "was seized by"), the
words of its clause before it are its doers and those behind it what it is done to, the other way
round in the passive. A claim whose doers the quotes know only as those it was done to, or the
other way, exchanges them. So does one that puts a name between the very words between which the
quotes have another. A claim in other verbs is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.answering.checking.names import find_names, fold
from assistant.answering.checking.verbs import SKIPPED, TAKING, stem, tells_past
from assistant.passages import split_sentences

_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*|[^\w\s]")
_BE = frozenset(("is", "are", "was", "were", "be", "been", "being", "gets", "got"))
_HAVE = frozenset(("has", "have", "had"))
# Between these a clause begins: what stands beyond has its own doers.
_BOUNDS = frozenset(
    re.findall(
        r"\w+",
        "that which who whom whose when while where after before because although though but if "
        "unless since as than whether until so said says what how",
    )
)
# Behind a verb these lead on to something else than what it is done to.
_ASIDES = frozenset(
    re.findall(
        r"\w+",
        "in on at near during for to into with within under over about around across outside along "
        "between through toward towards of by behind",
    )
)
_FROM = frozenset(("from", "against"))
_GRAMMAR = SKIPPED | _BOUNDS | _ASIDES | _FROM | frozenset(("than", "out", "up", "off", "down"))
_FURTHEST = 14  # words from a verb in which its doers are looked for


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    name: bool

    @property
    def key(self) -> str:
        """Names begin with a capital here, other words do not."""
        return fold(self.text).capitalize() if self.name else stem(self.text)


@dataclass(frozen=True, slots=True)
class _Deed:
    """A verb, the stems of who does it and of those whom it is done to.

    `words` are the verb as the text has it, with the word before it that its clause is about.
    `all_doers` and `all_done_to` have what prepositions govern as well: "units of the army".
    """

    verb: str
    words: str
    doers: frozenset[str]
    done_to: frozenset[str]
    all_doers: frozenset[str]
    all_done_to: frozenset[str]


def exchanged_roles(body: str, quotes: Sequence[str]) -> list[str]:
    """The words of `body` whose doers and done-to are exchanged; empty where none is seen.

    >>> exchanged_roles("ISIS seized Salma from the army.", ["The army seized Salma from ISIS."])
    ['ISIS seized']
    >>> exchanged_roles("Salma was seized by the army.", ["The army seized Salma from ISIS."])
    []
    """
    told = [deed for quote in quotes for deed in _deeds_of(quote)]
    found = [*_exchanged(_deeds_of(body), told), *_displaced(body, quotes)]
    return list(dict.fromkeys(found))


def _exchanged(claimed: Sequence[_Deed], told: Sequence[_Deed]) -> Iterator[str]:
    for deed in claimed:
        same = [(_likeness(deed, other), other) for other in told if other.verb == deed.verb]
        most = max((likeness for likeness, _ in same), default=0)
        if same and all(_turned(deed, other) for likeness, other in same if likeness == most):
            yield deed.words


def _likeness(deed: _Deed, other: _Deed) -> int:
    """How many words around a verb two deeds share, on whichever side."""
    mine, theirs = deed.all_doers | deed.all_done_to, other.all_doers | other.all_done_to
    return len(mine & theirs)


def _turned(deed: _Deed, other: _Deed) -> bool:
    """Whether one's doers are the other's done-to with no doer shared, or the other way.

    Names weigh more: "the Red fighters" and "the Blue fighters" share no doer.
    """
    if _changed_places(deed, other):
        return True
    doers, done_to = _named(deed.doers, other.doers), _named(deed.done_to, other.done_to)
    if not deed.doers or not deed.done_to:
        return False
    if not doers & other.doers and doers & other.done_to:
        return True
    return bool(other.doers and done_to & other.doers and not done_to & other.done_to)


def _changed_places(deed: _Deed, other: _Deed) -> bool:
    """Whether one of the doers and one of those it is done to have gone to each other's side.

    That is seen where others stay: "Syrian and Iranian forces", of whom one is exchanged.
    """
    came = (deed.all_doers - other.all_doers) & other.all_done_to
    went = (other.all_doers - deed.all_doers) & deed.all_done_to
    return bool(came - deed.all_done_to and went - other.all_done_to)


def _named(own: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """The names among them, where there are some on both sides; else all of them."""
    names = frozenset(key for key in own if key[0].isupper())
    return names if names and any(key[0].isupper() for key in others) else own


def _tokens(text: str) -> list[_Token]:
    named = {name.start for name in find_names(text)}
    return [_Token(m[0], m.start(), m.start() in named) for m in _TOKEN.finditer(text)]


def _deeds_of(text: str) -> list[_Deed]:
    return [
        deed for start, end in split_sentences(text) for deed in _deeds_in(_tokens(text[start:end]))
    ]


def _deeds_in(tokens: Sequence[_Token]) -> Iterator[_Deed]:
    for at, token in enumerate(tokens):
        if not tells_past(token.text) or token.name:
            continue
        before, all_before, auxiliaries = _before(tokens, at)
        behind, source, by = _behind(tokens, at)
        if _BE & auxiliaries or (by and not behind):
            doers, done_to, all_doers, all_done_to = by, before, by, all_before
        else:
            doers, done_to = before, behind | source
            all_doers, all_done_to = all_before, done_to
        verb = stem(token.text)
        verb = "take" if verb in TAKING else verb
        subject = next((t.text for t in reversed(tokens[:at]) if _tells(t)), "")
        words = f"{subject} {token.text}".strip()
        yield _Deed(
            verb,
            words,
            frozenset(doers - done_to),
            frozenset(done_to),
            frozenset(all_doers),
            frozenset(all_done_to),
        )


def _before(tokens: Sequence[_Token], at: int) -> tuple[set[str], set[str], set[str]]:
    """The stems before a verb in its clause, all of them, and the auxiliaries right before it.

    Of "units of the army", the words behind the preposition are passed over at first where others
    stand before it.
    """
    found: list[list[str]] = [[]]
    auxiliaries: set[str] = set()
    for token in reversed(tokens[max(0, at - _FURTHEST) : at]):
        lower = token.text.lower()
        if not found[0] and lower in _BE | _HAVE:
            auxiliaries.add(lower)
        elif not found[0] and lower.endswith("ly") and len(lower) > 4 and not token.name:
            continue  # "is regularly bombed"
        elif not token.text[0].isalnum() or lower in _BOUNDS or tells_past(token.text):
            break
        elif lower in _ASIDES | _FROM:
            found.append([])
        elif _tells(token):
            found[-1].append(token.key)
    heads = next((part for part in reversed(found) if part), [])
    return set(heads), {key for part in found for key in part}, auxiliaries


def _behind(tokens: Sequence[_Token], at: int) -> tuple[set[str], set[str], set[str]]:
    """The stems behind a verb: what it is done to, from or against whom, and by whom."""
    parts: dict[str, set[str]] = {"": set(), "from": set(), "by": set(), "aside": set()}
    role = ""
    for token in tokens[at + 1 : at + 1 + _FURTHEST]:
        lower = token.text.lower()
        if lower in _FROM:
            role = "from"
        elif lower == "by":
            role = "by"
        elif lower in _ASIDES:
            role = role if role and lower == "of" else "aside" if lower != "of" or role else ""
        elif not token.text[0].isalnum() or lower in _BOUNDS or tells_past(token.text):
            break
        elif _tells(token):
            parts[role].add(token.key)
    return parts[""], parts["from"], parts["by"]


def _tells(token: _Token) -> bool:
    lower = token.text.lower()
    return token.name or (lower not in _GRAMMAR and token.text[0].isalpha())


# Names between the same words


def _displaced(body: str, quotes: Sequence[str]) -> Iterator[str]:
    """Names that stand between words between which the quotes have other names alone.

    Only where a verb follows, or where the claim has those other names elsewhere: else it may be
    another word for the same ("Moscow").
    """
    known: dict[tuple[str, str], set[str]] = {}
    for quote in quotes:
        for place, names in _places(quote):
            known.setdefault(place, set()).update(key for key, _ in names)
    claimed = list(_places(body))
    everywhere = {token.key for token in _tokens(body) if token.name}
    for place, names in claimed:
        others = known.get(place, set())
        if not others or not others.isdisjoint(key for key, _ in names):
            continue
        if tells_past(place[1]) or not others.isdisjoint(everywhere):
            yield " ".join(word for _, word in names)


def _places(text: str) -> Iterator[tuple[tuple[str, str], list[tuple[str, str]]]]:
    """Each run of names with the words before and behind it; names joined by "and" are one run."""
    for start, end in split_sentences(text):
        tokens = [
            t
            for t in _tokens(text[start:end])
            if t.name or t.text.lower() not in ("the", "a", "an", "and", "or", ",")
        ]
        at = 0
        for named, run in groupby(tokens, key=lambda token: token.name):
            inside = list(run)
            before = tokens[at - 1].text.lower() if at else ""
            at += len(inside)
            behind = tokens[at].text.lower() if at < len(tokens) else ""
            if named and re.match(r"\w", behind) and not {before, behind} <= _GRAMMAR:
                yield (before, behind), [(token.key, token.text) for token in inside]
