"""Terms of a question, as the collection spells them.

A name that the collection writes otherwise is searched under its spellings too, and one that it
writes in several ways under all of them: `docs/names.md` says when.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from weakref import WeakKeyDictionary

from assistant.library import Collection, analyze
from assistant.spelling import (
    alias_groups,
    common_words,
    is_article,
    learn_acronyms,
    romanise,
    sounds_of,
)
from assistant.types import Filters

# A term that the library does not hold and that no name sounds like may be a slip of one that it
# does: (letters at least, edits at most).
_SLIPS = ((9, 2), (5, 1))
_FEWEST_LETTERS = 3
# How far a spelling may lie apart where nothing but the term itself speaks for it: of a term that
# the collection has, and beyond the nearest of one that it has not.
_CLOSE, _BESIDE_NEAREST = 0.1, 0.2
_FARTHEST = 0.5  # of a term that the collection has not, where its place speaks for it
_LONG = 5  # sounds: a shorter term that the collection has must be read alike
_SHARE = 1 / 3  # of the question's other rare terms
_MOST = 6  # spellings of one term
_WITNESSES = 3  # passages that are looked at
_RARE_IDF = 3.0  # in one passage of twenty: rare enough to tell what a passage is about
_ACRONYM = (3, 6)  # letters
_LONGEST_ALIAS = 3  # terms
_CALENDAR = (
    "January February March April May June July August September October November December "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_Terms = tuple[str, ...]
# Which terms of a collection are names, by (term, idf).
_verdicts: WeakKeyDictionary[Collection, dict[tuple[str, float], bool]] = WeakKeyDictionary()
# The spellings of the last questions' terms, by (term, idf) in their order: what writes the answer
# asks again for what the search has asked for.
_Asked = tuple[int, tuple[tuple[str, float], ...]]
_answered: WeakKeyDictionary[Collection, dict[_Asked, dict[str, list[str]]]] = WeakKeyDictionary()
_REMEMBERED = 64


def expand(collection: Collection, terms: Sequence[str]) -> list[str]:
    """The terms to search: each with its other spellings, or these in the place of an unknown."""
    found = spellings(collection, terms)
    held = _Held(collection, [*terms, *(s for others in found.values() for s in others)])
    expanded = [
        spelling
        for term in terms
        for spelling in (found[term] if found[term] and not held(term) else [term, *found[term]])
    ]
    return list(dict.fromkeys(expanded))


def spellings(collection: Collection, terms: Sequence[str]) -> dict[str, list[str]]:
    """For each analyzed term of a question, the other terms of the collection that may mean it.

    Other spellings of a name, the nearest first; of several words that the collection writes as
    one, that one; names that stand for the same; an acronym that the collection explains by them.
    """
    idf = collection.idf(terms)
    # A commit can bring a spelling and leave every idf as it was.
    asked = (collection.generation, tuple((term, idf[term]) for term in terms))
    known = _answered.setdefault(collection, {})
    found = known.get(asked)
    if found is None:
        found = _spellings(collection, terms)
        if len(known) >= _REMEMBERED:
            known.clear()
        known[asked] = found
    return found


def _spellings(collection: Collection, terms: Sequence[str]) -> dict[str, list[str]]:
    held = _Held(collection, terms)
    found: dict[str, dict[str, None]] = {term: {} for term in terms}
    names = [t for t in terms if t not in _common_terms() and _is_word(t)]
    for term, others in _respelt(collection, names, terms, held).items():
        found[term].update(dict.fromkeys(others))
    for words, joined in _joined(collection, terms, frozenset(names)):
        for word in words:
            found[word][joined] = None
    for window, names_of_it in _aliases(terms):
        known: list[_Terms] = [n for n in names_of_it if len(n) == 1 and held(n[0])]
        if not known and not all(held(term) for term in window):
            known = [name for name in names_of_it if all(held(t) for t in name)]
        for term in window:
            found[term].update(dict.fromkeys(t for name in known for t in name))
    for explained, acronym in _acronyms(collection, terms):
        for term in explained:
            found[term][acronym] = None
    return {term: [s for s in others if s != term] for term, others in found.items()}


class _Held:
    """Whether the collection holds a term."""

    def __init__(self, collection: Collection, terms: Iterable[str]) -> None:
        self._collection = collection
        self._unknown = max(collection.idf(["\0"]).values())
        self._idf = collection.idf(list(terms))

    def idf(self, term: str) -> float:
        if term not in self._idf:
            self._idf.update(self._collection.idf([term]))
        return self._idf[term]

    def __call__(self, term: str) -> bool:
        return self.idf(term) < self._unknown


@cache
def _common_terms() -> frozenset[str]:
    return frozenset(analyze(" ".join((*common_words(), _CALENDAR))))


def _is_word(term: str) -> bool:
    return len(term) >= _FEWEST_LETTERS and term.isalpha()


# Other spellings of one term


def _respelt(
    collection: Collection, names: Sequence[str], terms: Sequence[str], held: _Held
) -> dict[str, list[str]]:
    """The other spellings of each of some terms, the nearest first."""
    near = {term: _near(collection, term) for term in names}
    wanted = {t for term, others in near.items() if others for t in (term, *others)}
    named = frozenset(_names(collection, sorted(wanted)))
    found: dict[str, list[str]] = {}
    unsure: list[tuple[str, str]] = []
    for term, others in near.items():
        candidates = [t for t in _by_nearness(others) if t in named]
        if not held(term):
            close = min(others.values(), default=0.0) + _BESIDE_NEAREST
            found[term] = [t for t in candidates if others[t] <= close] or _slips(collection, term)
        elif term in named and len(terms) > 1:  # nothing speaks for a spelling of a lone term
            close = 0.0 if len(sounds_of([romanise(term)])[0]) < _LONG else _CLOSE
            found[term] = [t for t in candidates if others[t] <= close]
        else:
            continue
        # Of an unknown term, what lies farther may still be what stands in its place.
        most = 1.0 if held(term) else _FARTHEST
        unsure += [(term, t) for t in candidates if close < others[t] <= most]
    written = {term: term if held(term) else (found[term] or [term])[0] for term, _ in unsure}
    for term, other in _beside(collection, unsure, terms, held, written):
        found[term].append(other)
    return found


def _near(collection: Collection, term: str) -> dict[str, float]:
    """The terms that may be another spelling of one, as far as its sounds tell."""
    near = collection.spelt_like(term)
    near.pop(term, None)
    near = {t: apart for t, apart in near.items() if t not in _common_terms()}
    return {t: near[t] for t in _by_nearness(near)[:_MOST]}


def _by_nearness(near: dict[str, float]) -> list[str]:
    return sorted(near, key=lambda term: (near[term], term))


def _slips(collection: Collection, term: str) -> list[str]:
    edits = next((e for letters, e in _SLIPS if len(term) >= letters), 0)
    return collection.similar_terms(term, edits) if edits else []


def _texts(collection: Collection, searches: Sequence[Sequence[str]]) -> list[list[str]]:
    """For each search, the passages that hold most of its terms; loaded all at once."""
    hits = [
        [i for i, _ in collection.search_words(terms, _WITNESSES, Filters())] for terms in searches
    ]
    wanted = list(dict.fromkeys(i for found in hits for i in found))
    loaded = collection.passages(wanted) if wanted else {}
    texts = {i: f"{passage.header}\n{passage.text}" for i, (passage, _) in loaded.items()}
    return [[texts[i] for i in found if i in texts] for found in hits]


def _names(collection: Collection, terms: Sequence[str]) -> list[str]:
    """Those terms that the collection writes with a capital more often than not."""
    idf = collection.idf(terms)
    known = _verdicts.setdefault(collection, {})
    # A term's frequency is part of what is remembered: it changes with what the collection holds.
    fresh = [term for term in terms if (term, idf[term]) not in known]
    for term, texts in zip(fresh, _texts(collection, [[term] for term in fresh]), strict=True):
        known[term, idf[term]] = _has_capitals(term, "\n".join(texts))
    return [term for term in terms if known[term, idf[term]]]


def _has_capitals(term: str, text: str) -> bool:
    if not term.isascii() and term.upper() == term:
        return True  # a script without capitals
    # Accents are folded by the index: only a plain first letter rules a word out.
    words = Counter(
        word for word in _LETTERS.findall(text) if word[0].lower() == term[0] or word[0] > "z"
    )
    written = {word: n for word, n in words.items() if term in analyze(word)}
    return 2 * sum(n for word, n in written.items() if word[0].isupper()) > sum(written.values())


def _beside(
    collection: Collection,
    unsure: Sequence[tuple[str, str]],
    terms: Sequence[str],
    held: _Held,
    written: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """Those spellings of terms that stand where the question has the term.

    Next to the word that it has next to it (Deir Zor for Deir Ezzor), or in one passage with a
    third of its other rare terms: one of Rusafa that does not name Baghdad is no help to a
    question on Rusafa in Baghdad. Where the question says nothing of the kind ("the road to
    Rusafa"), next to a name that the collection has next to the term as `written` there.
    """
    rare = [t for t in terms if held(t) and held.idf(t) >= _RARE_IDF and t not in _common_terms()]
    beside = {term: _next_to(terms, term) for term, _ in unsure}
    silent = [t for t in beside if not beside[t].intersection(rare) and set(rare) <= {t}]
    looked_up = _texts(collection, [[written[t]] for t in silent])
    for term, texts in zip(silent, looked_up, strict=True):
        beside[term] |= _names_next_to(collection, written[term], texts)
    searches = [
        [other, *(() if term in silent else sorted({*rare, *beside[term]} - {term}))]
        for term, other in unsure
    ]
    for (term, other), texts in zip(unsure, _texts(collection, searches), strict=True):
        about = frozenset(rare) - {term}
        enough = max(1, round(len(about) * _SHARE))
        for there in map(analyze, texts):
            met = len(about.intersection(there)) >= enough if about else False
            if other in there and (met or _next_to(there, other) & beside[term]):
                yield term, other
                break


def _names_next_to(collection: Collection, term: str, texts: Sequence[str]) -> frozenset[str]:
    """Names that stand next to a term, in the spellings that sound the same."""
    near = sorted({t for text in texts for t in _next_to(analyze(text), term) if _is_word(t)})
    names = _names(collection, near)
    alike = {
        other for name in names for other, apart in collection.spelt_like(name).items() if not apart
    }
    return frozenset({*names, *alike} - {term})


def _next_to(terms: Sequence[str], term: str) -> frozenset[str]:
    """The terms before and after a term wherever it stands, articles left out."""
    words = [t for t in terms if not is_article(t)]
    found = {
        words[i]
        for place, word in enumerate(words)
        if word == term
        for i in (place - 1, place + 1)
        if 0 <= i < len(words)
    }
    return frozenset(found - _common_terms())


# Several words that the collection writes as one


def _neighbours(terms: Sequence[str], names: frozenset[str]) -> Iterator[tuple[list[str], str]]:
    """Two terms that follow each other, an article between them left out: (terms, name)."""
    for place, first in enumerate(terms[:-1]):
        after = [place + 1]
        if place + 2 < len(terms) and is_article(romanise(terms[place + 1]), terms[place + 2]):
            after = [place + 2]
        for last in after:
            words = [first, terms[last]]
            if all(w.isalpha() for w in words) and not names.isdisjoint(words):
                yield words, "".join(words)


def _joined(
    collection: Collection, terms: Sequence[str], names: frozenset[str]
) -> Iterator[tuple[list[str], str]]:
    found = [
        (words, near)
        for words, name in _neighbours(terms, names)
        for term in analyze(name)
        for near in _by_nearness(collection.spelt_like(term))[:2]
        if near not in terms and len(near) > _FEWEST_LETTERS
    ]
    named = frozenset(_names(collection, list(dict.fromkeys(near for _, near in found))))
    yield from ((words, near) for words, near in found if near in named)


# Names that stand for the same


@cache
def _alias_terms() -> dict[_Terms, tuple[_Terms, ...]]:
    """Each name of the table of aliases as terms, with the others of its group."""
    table: dict[_Terms, tuple[_Terms, ...]] = {}
    for group in alias_groups():
        # Two letters are too many other things once their case is gone.
        names: list[_Terms] = [tuple(analyze(name)) for name in group if len(name) > 2]
        names = [
            n
            for n in dict.fromkeys(names)
            if 0 < len(n) <= _LONGEST_ALIAS and not (len(n) == 1 and n[0] in _common_terms())
        ]
        for name in names:
            table[name] = tuple(other for other in names if other != name)
    return table


def _aliases(terms: Sequence[str]) -> Iterator[tuple[_Terms, tuple[_Terms, ...]]]:
    for length in range(1, _LONGEST_ALIAS + 1):
        for start in range(len(terms) - length + 1):
            window = tuple(terms[start : start + length])
            if window in _alias_terms():
                yield window, _alias_terms()[window]


# Acronyms that the collection explains


def _acronyms(collection: Collection, terms: Sequence[str]) -> Iterator[tuple[list[str], str]]:
    """Terms of the question whose first letters the collection uses as their acronym."""
    windows = {
        "".join(term[0] for term in terms[start : start + length]): list(
            terms[start : start + length]
        )
        for length in range(_ACRONYM[0], _ACRONYM[1] + 1)
        for start in range(len(terms) - length + 1)
    }
    held = _Held(collection, windows)
    likely = [a for a in windows if a not in terms and a not in _common_terms() and held(a)]
    likely = sorted(likely, key=len, reverse=True)[:_MOST]
    searches = [[acronym, *windows[acronym]] for acronym in likely]
    for acronym, texts in zip(likely, _texts(collection, searches), strict=True):
        learned = learn_acronyms(texts).get(acronym.upper(), ())
        if any(analyze(name) == windows[acronym] for name in learned):
            yield windows[acronym], acronym
