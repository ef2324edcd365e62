"""Whether a claim turns its quote round: a "not" lost or added, an attempt told as done.

Two cheap checks by word rules, meant to be precise rather than complete. Each looks at the verb
in the scope of a cue ("did not *regain*", "attempts to *re-take*", "plans to *deploy*"): where
the claim tells that same verb without the cue, or puts a "not" before a verb that the quotes tell
plainly, it is turned round. A claim that says the same in other verbs is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_NEGATIONS = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|unable|fail(?:s|ed)?|refus(?:e|es|ed)"
    r"|den(?:y|ies|ied)|reject(?:s|ed)?)\b|n['’]t\b",
    re.IGNORECASE,
)
_NO_NEGATION = re.compile(
    r"\b(?:not\s+only|no\s+(?:longer\s+than|less|fewer|more|later|matter|doubt)|nor?\s+\d)\b", re.I
)
_HEDGES = re.compile(
    r"""\b(?:
    attempt(?:s|ed|ing)?\s+(?:to|at)|(?:try|tries|trying|tried|bids?|efforts?|sought)\s+to
    |(?:plan|intend|aim|hope|vow|threaten|want|seek|prepare|agree|promise|offer|propose)
        (?:s|d|ed|ned|ning|ing|red)?\s+to
    |(?:failed|unable|refused|yet|about|likely|ready|whether)\s+to
    |(?:request|appeal|proposal|demand)(?:s|ed)?(?:\s+\w+){0,3}?\s+to(?!\s+(?:the|an?|its|their|his|her)\b)
    |(?:expected|set|due|scheduled|supposed|poised|slated|believed|said|thought|alleged)\s+to
    |may|might|could|would|will|should|if|unless|whether)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# In the claim any of these keeps the quote's caution.
_CAUTION = re.compile(
    r"""\b(?:attempt\w*|tr(?:y|ies|ied|ying)|bids?|efforts?|plan\w*|intend\w*|aim\w*|hop(?:e|es|ed|ing)
    |vow\w*|threat\w*|want\w*|seek\w*|sought|prepar\w*|agree\w*|promis\w*|offer\w*|propos\w*
    |pledg\w*|expect\w*|set|due|schedul\w*|likely|poised|slated|may|might|could|would|will|should
    |if|unless|whether|possibl\w*|perhaps|probabl\w*|reportedly|allegedly|apparently|believed
    |unconfirmed|yet|not)\b
    |n['’]t\b""",
    re.VERBOSE | re.IGNORECASE,
)
_SKIPPED = frozenset(
    re.findall(
        r"\w+",
        "be been being have has had to also again further still yet ever fully largely quickly "
        "soon that the a an any their its his her it them they he she we you i there and or of in "
        "on at by "
        "do does did is are was were will would could may might can",
    )
)
_DETERMINERS = frozenset(("the", "a", "an", "its", "their", "his", "her", "these", "those"))
_IRREGULAR = {
    "took": "take", "taken": "take", "held": "hold", "won": "win", "fought": "fight",
    "struck": "strike", "hit": "hit", "fell": "fall", "fallen": "fall", "lost": "lose",
    "led": "lead", "left": "leave", "met": "meet", "made": "make", "kept": "keep",
    "began": "begin", "begun": "begin", "broke": "break", "broken": "break", "came": "come",
    "drove": "drive", "driven": "drive", "found": "find", "gave": "give", "given": "give",
    "went": "go", "gone": "go", "knew": "know", "known": "know", "paid": "pay", "said": "say",
    "saw": "see", "seen": "see", "sent": "send", "shot": "shoot", "sold": "sell",
    "bought": "buy", "brought": "bring", "built": "build", "caught": "catch", "told": "tell",
    "withdrew": "withdraw", "withdrawn": "withdraw", "retook": "take", "retaken": "take",
    "retake": "take",
}  # fmt: skip
# Who has done one of these has, for a reader, done them all.
_TAKING_WORDS = (
    "take", "capture", "seize", "control", "hold", "liberate", "secure", "regain", "reclaim",
    "recover", "win",
)  # fmt: skip
_FROM_WHOM = re.compile(r"\bfrom\s+(?:the\s+)?((?:[^\W\d_][\w-]*\s?){1,3})")


def polarity_flips(body: str, quotes: Sequence[str]) -> list[str]:
    """The words of `body` that turn a quote round; empty where none is seen.

    >>> polarity_flips("ISIS regained ground.", ["ISIS did not regain any ground."])
    ['regained']
    >>> polarity_flips("The army took the road.", ["The army tried to re-take the road."])
    ['took']
    """
    flips = [*_lost_negations(body, quotes), *_added_negations(body, quotes)]
    return list(dict.fromkeys([*flips, *_lost_hedges(body, quotes)]))


def _lost_negations(body: str, quotes: Sequence[str]) -> Iterator[str]:
    if _negations(body):
        return
    told = _verbs_told(quotes, _negated(quotes))
    for verb in _negated(quotes) - told:
        yield from _words_of(body, verb)


def _added_negations(body: str, quotes: Sequence[str]) -> Iterator[str]:
    any_negation = any(_negations(quote) for quote in quotes)
    for cue in _negations(body):
        verb = _scope(body, cue)
        if verb is None:
            continue
        told = [quote for quote in quotes for word in _WORD.findall(quote) if _stem(word) == verb]
        if (told or not any_negation) and not any(_may_negate(quote, verb) for quote in told):
            yield cue.group()


def _may_negate(quote: str, verb: str) -> bool:
    """Whether a negation stands before a verb in its sentence, near or far."""
    return any(
        _stem(word) == verb
        for cue in _negations(quote)
        for word in _WORD.findall(re.split(r"[.;]\s", quote[cue.end() :], maxsplit=1)[0])
    )


def _lost_hedges(body: str, quotes: Sequence[str]) -> Iterator[str]:
    if _CAUTION.search(body):
        return
    hedged = {
        verb for quote in quotes for cue in _HEDGES.finditer(quote) if (verb := _scope(quote, cue))
    }
    told = _verbs_told(quotes, hedged)
    for verb in hedged - told:
        alike = _TAKING - told if verb in _TAKING else {verb}
        for word in _words_of(body, *sorted(alike)):
            if not (verb in _TAKING and _is_the_loser(body, word, quotes)):
                yield word


_BEFORE_SUBJECT = frozenset(("if", "unless", "whether"))


def _is_the_loser(body: str, word: str, quotes: Sequence[str]) -> bool:
    """Whether it tells of "ISIS" holding what the army tries "to re-take from ISIS"."""
    before = {w.casefold() for w in _WORD.findall(body[: body.find(word)])}
    for quote in quotes:
        for match in _FROM_WHOM.finditer(quote):
            if any(w[0].isupper() and w.casefold() in before for w in _WORD.findall(match[1])):
                return True
    return False


def _negations(text: str) -> list[re.Match[str]]:
    spans = [m.span() for m in _NO_NEGATION.finditer(text)]
    return [m for m in _NEGATIONS.finditer(text) if not any(a <= m.start() < b for a, b in spans)]


def _negated(quotes: Sequence[str]) -> set[str]:
    """The stems of the words that stand right in the scope of a negation."""
    found = {_scope(quote, cue) for quote in quotes for cue in _negations(quote)}
    return {verb for verb in found if verb}


def _verbs_told(quotes: Sequence[str], scoped: set[str]) -> set[str]:
    """Those of the stems that the quotes also use more often than in the scope of a cue."""
    told = set()
    for verb in scoped | _TAKING:
        count = sum(_stem(word) == verb for quote in quotes for word in _WORD.findall(quote))
        cued = sum(
            _scope(quote, cue) == verb
            for quote in quotes
            for cue in (*_negations(quote), *_HEDGES.finditer(quote))
        )
        if count > cued:
            told.add(verb)
    return told


def _scope(text: str, cue: re.Match[str]) -> str | None:
    """The stem of the first telling word after a cue, in its clause.

    After "if" the subject comes first: the verb is the first lower-case word that ends in "s" and
    does not stand after a determiner or number.
    """
    past_subject = cue.group().lower() in _BEFORE_SUBJECT
    clause = re.split(r"[,.;:()“”]", text[cue.end() : cue.end() + 120], maxsplit=1)[0]
    words = _WORD.findall(clause)[:8]
    for before, word in zip(["", *words], words, strict=False):
        if word.lower() in _SKIPPED or word.lower().endswith("ly"):
            continue
        if not past_subject:
            return _stem(word)
        if word.islower() and word.endswith("s") and before.lower() not in _DETERMINERS:
            return _stem(word)
    return None


def _words_of(body: str, *stems: str) -> list[str]:
    """The verbs of `body` with one of these stems, unless "to" makes an aim of them."""
    return [
        m.group()
        for m in _WORD.finditer(body)
        if _stem(m.group()) in stems and not re.search(r"\bto\s+$", body[: m.start()])
    ]


_ENDINGS = (("ied", "y"), ("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))


def _stem(word: str) -> str:
    """One form for the forms of a regular verb: "controls", "controlled", "controlling"."""
    word = re.sub(r"^re-?(?=tak|captur|took)", "", re.split("['’]", word.lower())[0])
    word = _IRREGULAR.get(word, word)
    for ending, other in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + other
            break
    word = re.sub(r"([^aeiou])\1$", r"\1", word)
    return re.sub(r"(?<=\w\w\w)e$", "", word)


_TAKING = frozenset(_stem(word) for word in _TAKING_WORDS)
