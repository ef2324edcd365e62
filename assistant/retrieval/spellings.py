"""Terms of a question, as the collection spells them.

A name that the collection writes otherwise is searched under its spellings too, and one that it
writes in several ways under all of them: `docs/names.md` says when.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from assistant.library import Collection, analyze
from assistant.retrieval.lookups import (
    Held,
    by_nearness,
    common_terms,
    names_among,
    remembered,
    spelt_like,
    spelt_near,
    witnesses,
)
from assistant.spelling import alias_groups, is_article, learn_acronyms, romanise, sounds_of

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
_MOST = 6  # acronyms of one question
_RARE_IDF = 3.0  # in one passage of twenty: rare enough to tell what a passage is about
_ACRONYM = (3, 6)  # letters
_LONGEST_ALIAS = 3  # terms
_Terms = tuple[str, ...]


def expand(collection: Collection, terms: Sequence[str]) -> list[str]:
    """The terms to search: each with its other spellings, or these in the place of an unknown."""
    found = spellings(collection, terms)
    held = Held(collection, [*terms, *(s for others in found.values() for s in others)])
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
    # What writes the answer asks again for what the search has asked for.
    asked = tuple(terms)
    known = remembered(collection, "spellings", [asked], lambda _: [_spellings(collection, terms)])
    return known[asked]


def _spellings(collection: Collection, terms: Sequence[str]) -> dict[str, list[str]]:
    held = Held(collection, terms)
    found: dict[str, dict[str, None]] = {term: {} for term in terms}
    names = [t for t in terms if t not in common_terms() and _is_word(t)]
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


def _is_word(term: str) -> bool:
    return len(term) >= _FEWEST_LETTERS and term.isalpha()


# Other spellings of one term


def _respelt(
    collection: Collection, names: Sequence[str], terms: Sequence[str], held: Held
) -> dict[str, list[str]]:
    """The other spellings of each of some terms, the nearest first."""
    near = spelt_near(collection, names)
    wanted = {t for term, others in near.items() if others for t in (term, *others)}
    named = frozenset(names_among(collection, sorted(wanted)))
    found: dict[str, list[str]] = {}
    unsure: list[tuple[str, str]] = []
    for term, others in near.items():
        candidates = [t for t in by_nearness(others) if t in named]
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


def _slips(collection: Collection, term: str) -> list[str]:
    edits = next((e for letters, e in _SLIPS if len(term) >= letters), 0)
    return collection.similar_terms(term, edits) if edits else []


def _beside(
    collection: Collection,
    unsure: Sequence[tuple[str, str]],
    terms: Sequence[str],
    held: Held,
    written: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """Those spellings of terms that stand where the question has the term.

    Next to the word that it has next to it (Deir Zor for Deir Ezzor), or in one passage with a
    third of its other rare terms: one of Rusafa that does not name Baghdad is no help to a
    question on Rusafa in Baghdad. Where the question says nothing of the kind ("the road to
    Rusafa"), next to a name that the collection has next to the term as `written` there.
    """
    rare = [t for t in terms if held(t) and held.idf(t) >= _RARE_IDF and t not in common_terms()]
    beside = {term: _next_to(terms, term) for term, _ in unsure}
    silent = [t for t in beside if not beside[t].intersection(rare) and set(rare) <= {t}]
    looked_up = witnesses(collection, [[written[t]] for t in silent])
    for term, texts in zip(silent, looked_up, strict=True):
        beside[term] |= _names_next_to(collection, written[term], texts)
    searches = [
        [other, *(() if term in silent else sorted({*rare, *beside[term]} - {term}))]
        for term, other in unsure
    ]
    for (term, other), texts in zip(unsure, witnesses(collection, searches), strict=True):
        about = frozenset(rare) - {term}
        enough = max(1, round(len(about) * _SHARE))
        for there in map(analyze, texts):
            met = len(about.intersection(there)) >= enough if about else False
            if other in there and (met or _next_to(there, other) & beside[term]):
                yield term, other
                break


def _names_next_to(collection: Collection, term: str, texts: Sequence[str]) -> frozenset[str]:
    """Names that stand next to a term, in the spellings that sound the same."""
    beside = sorted({t for text in texts for t in _next_to(analyze(text), term) if _is_word(t)})
    names = names_among(collection, beside)
    near = spelt_like(collection, names).values()
    alike = {other for others in near for other, apart in others.items() if not apart}
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
    return frozenset(found - common_terms())


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
    joined = [(words, t) for words, name in _neighbours(terms, names) for t in analyze(name)]
    near_to = spelt_like(collection, [term for _, term in joined])
    found = [
        (words, near)
        for words, term in joined
        for near in by_nearness(near_to[term])[:2]
        if near not in terms and len(near) > _FEWEST_LETTERS
    ]
    named = frozenset(names_among(collection, list(dict.fromkeys(near for _, near in found))))
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
            if 0 < len(n) <= _LONGEST_ALIAS and not (len(n) == 1 and n[0] in common_terms())
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


def _acronyms(collection: Collection, terms: Sequence[str]) -> Iterator[tuple[_Terms, str]]:
    """Terms of the question whose first letters the collection uses as their acronym."""
    windows: dict[str, _Terms] = {}
    for length in range(_ACRONYM[0], _ACRONYM[1] + 1):
        for start in range(len(terms) - length + 1):
            window = tuple(terms[start : start + length])
            windows[_acronym_of(window)] = window
    held = Held(collection, windows)
    likely = [a for a in windows if a not in terms and a not in common_terms() and held(a)]
    likely = sorted(likely, key=len, reverse=True)[:_MOST]
    asked = [windows[acronym] for acronym in likely]
    known = remembered(collection, "acronym", asked, lambda fresh: _explained(collection, fresh))
    yield from ((words, _acronym_of(words)) for words in asked if known[words])


def _acronym_of(words: _Terms) -> str:
    return "".join(word[0] for word in words)


def _explained(collection: Collection, windows: Sequence[_Terms]) -> list[bool]:
    """For each window of terms, whether the collection explains its first letters by them."""
    acronyms = [_acronym_of(words) for words in windows]
    found = witnesses(collection, [[a, *words] for a, words in zip(acronyms, windows, strict=True)])
    return [
        any(analyze(name) == list(words) for name in learn_acronyms(texts).get(acronym.upper(), ()))
        for acronym, words, texts in zip(acronyms, windows, found, strict=True)
    ]
