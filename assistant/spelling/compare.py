"""How far the sounds of two words lie apart, and how far those of one name may.

A weighted edit distance (Wagner and Fischer, 1974). What one romanisation writes i and another e
costs little; a consonant that no romanisation takes for another costs more than any bound.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate

from assistant.spelling.sounds import VOWELS

_OTHER = 9.0  # no two spellings of one name differ so
_PAIRS = {
    # Vowels
    "ae": 0.2, "ei": 0.15, "ai": 0.4, "ou": 0.1, "ao": 0.35, "au": 0.4, "eo": 0.4, "eu": 0.4,
    "io": 0.6, "iu": 0.6, "Ee": 0.1, "Ea": 0.25, "Ei": 0.25, "Eo": 0.6, "Eu": 0.6, "Oo": 0.1,
    "Oa": 0.25, "Ou": 0.2, "Oe": 0.5, "Oi": 0.6, "EO": 0.6, "yi": 0.1, "wu": 0.1,
    # Consonants
    "kq": 0.05, "kg": 0.35, "qg": 0.15, "kX": 0.2, "qX": 0.3, "gG": 0.1, "qG": 0.2, "kG": 0.4,
    "Xh": 0.25, "XG": 0.4, "hg": 0.3, "gj": 0.2, "jZ": 0.15, "jC": 0.3, "jz": 0.6, "sS": 0.35,
    "sz": 0.4, "zZ": 0.3, "zQ": 0.3, "sQ": 0.4, "SC": 0.3, "SZ": 0.5, "Ts": 0.3, "Tt": 0.15,
    "Dz": 0.2, "Dd": 0.15, "td": 0.5, "TD": 0.4, "vw": 0.15, "fv": 0.25,
}  # fmt: skip
# Last vowels: Rasafeh and Rasafa, Kobane and Kobani; Mario is not Maria.
_ENDINGS = {"ae": 0.1, "ei": 0.1, "ou": 0.1, "Ei": 0.2, "ao": 0.6}


def _both_ways(costs: dict[str, float]) -> dict[str, float]:
    return {pair: cost for p, cost in costs.items() for pair in (p, p[::-1])}


_CHANGE, _CHANGE_LAST = _both_ways(_PAIRS), _both_ways(_ENDINGS)
# A vowel that comes or goes: between consonants (Qasr, Qaser), at the start, at the end, where an
# i makes another word (Baghdadi is of Baghdad) and an o another name (Ronald, Ronaldo).
_VOWEL, _FIRST, _LAST, _LAST_IO = 0.3, 0.45, 0.45, 1.0
_FAINT = {"h": 0.3, "y": 0.3, "w": 0.4}
# The vowel of a closed last syllable is often long, and tells Jamal from Jamil.
_STRESS, _SLIGHT = 1.5, 0.2
# Where one script leaves vowels out: what a vowel weighs, and what is allowed on top.
_UNWRITTEN, _LENIENCE = 0.25, 0.2
# What one name's spellings may cost, by the sounds of the shorter.
_LIMITS = (0.0, 0.0, 0.0, 0.2, 0.3, 0.3, 0.5, 0.6, 0.7, 0.8)


def limit(sounds: int, *, unwritten: bool = False) -> float:
    """The most that two spellings of a name of so many sounds may lie apart."""
    return _LIMITS[min(sounds, len(_LIMITS) - 1)] + (_LENIENCE if unwritten else 0.0)


@lru_cache(maxsize=8192)
def distance(one: str, other: str, *, unwritten: bool = False) -> float:
    """How far two words' sounds lie apart: 0 for those that are read alike.

    `unwritten`: one of them comes from a script that leaves vowels out.
    """
    if one == other:
        return 0.0
    weight = _UNWRITTEN if unwritten else 1.0
    stressed = (_stressed(one), _stressed(other))
    last = (len(one) - 1, len(other) - 1)
    gains = [_alone(sound, j, len(other), weight) for j, sound in enumerate(other)]
    above = list(accumulate(gains, initial=0.0))
    for i, left in enumerate(one):
        drop = _alone(left, i, len(one), weight)
        row = [above[0] + drop]
        for j, (right, gain) in enumerate(zip(other, gains, strict=True)):
            change = 0.0
            if left != right:
                change = _changed(left + right, (i, j) == stressed, (i, j) == last, weight)
            row.append(min(above[j] + change, above[j + 1] + drop, row[j] + gain))
        above = row
    return above[-1]


def _changed(pair: str, stressed: bool, last: bool, weight: float) -> float:
    """What it costs that one word has the pair's first sound where the other has its second."""
    if not VOWELS.issuperset(pair):
        return _CHANGE.get(pair, _OTHER)
    if last:
        return _CHANGE_LAST.get(pair, _OTHER)
    cost = _CHANGE.get(pair, _OTHER) * weight
    return cost * _STRESS if stressed and cost > _SLIGHT else cost


def _alone(sound: str, place: int, length: int, weight: float) -> float:
    """What a sound costs that the other word does not have."""
    if sound in VOWELS:
        if place == length - 1:
            return (_LAST_IO if sound in "ioE" else _LAST) * weight
        return (_VOWEL if place else _FIRST) * weight
    return _FAINT.get(sound, _OTHER)


def _stressed(sounds: str) -> int:
    """The place of the vowel of a closed last syllable; -1 where there is none."""
    place = max((i for i, sound in enumerate(sounds) if sound in VOWELS), default=-1)
    return place if place < len(sounds) - 1 else -1
