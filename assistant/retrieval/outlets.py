"""The outlets that a question names as its sources: those of the library, and those it lacks.

An outlet counts where the question leans on it ("according to the Harbour Post", "the Sputnik
report"), not where it asks about it ("Who bought the Harbour Post?"). A name that is a word of the
language (Fortune, Polygon, Time) needs such a cue; one that can be nothing else does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.articles.outlets import is_outlet

_MOST_WORDS = 8
_WORD = re.compile(r"\w+")
# What catalogues add to an outlet's name: "Harbour Post | News from the Bay", "Echo News - Health".
_SECTION = re.compile(r"\s*[|]\s*|\s+[-–—]\s+|:\s+")
_DOMAIN = re.compile(r"\.(?:com|org|net|info|news|tv|co|co\.\w\w|[a-z]{2})$", re.I)
_KIND = re.compile(r"\s+(?:news|online|newspaper|magazine|website)$", re.I)

_PIECE = (
    r"(?:article|report|story|piece|review|interview|coverage|column|editorial|reporting|dispatch"
    r"|analysis|account|post|headline|feature|essay|blog|bulletin|broadcast|version|exclusive)s?"
)
_TOLD = (
    r"(?:report|publish|cover|note|quot|cit|carri|describ|recogni[sz]|mention|stat|claim|highlight"
    r"|featur|discuss|portray|print|announc|allud|reveal|explain|detail|outlin|post)(?:e?d)"
    r"|(?:seen|read|said|told|written|run|broadcast|put)"
)
# Before a name: words after which nothing but a source follows ...
_SURE = re.compile(
    rf"(?:\baccording to|\b(?:as )?per|\btold|\binterview with|\bsp(?:oke|eaking) to"
    rf"|\b(?:{_TOLD})\s+(?:in|by|on)"
    rf"|\b(?:{_PIECE}|another|one)\s+(?:\w+\s+)?(?:from|by|in|on|of)"
    r"|\b(?:sources?|outlets?|(?:news)?papers?|media|websites?|agenc(?:y|ies)|broadcasters?"
    r"|channels?|sites?|magazines?)(?:\s+(?:such as|like|including))?)"
    r"[\s,:]+(?:both\s+)?(?:the\s+)?[\"'“‘]?$",
    re.I,
)
# ... and words after which it may.
_LIKELY = re.compile(
    r"\b(?:from|in|by|on|did|does|do|has|have|between|unlike|both|why|how|what)\s+"
    r"(?:both\s+)?(?:the\s+)?[\"'“‘]?$",
    re.I,
)
_MARK = r"^[\"'”’]?(?:['’]s?)?[\"”]?\s+"  # "Sputnik's report", "'The Verge' article"
_PIECE_AFTER = re.compile(rf"{_MARK}(?:[a-z]+\s+)?{_PIECE}\b")
_TELLS = re.compile(
    rf"{_MARK}(?:[a-z]+\s+)?(?:(?:report|claim|suggest|impl|stat|not|writ|describ|giv|publish|carr|quot"
    r"|cit|mention|cover|discuss|focus|indicat|attribut|highlight|predict|argu|reveal|announc|list"
    r"|credit|link|agre|put|explain)(?:s|es|ies|ied|e|ed|ing)?"
    r"|says?|said|saying|wrote|told|tells?|gave|correspondents?|sources?|newsroom|reporters?"
    r"|journalists?|had|has it)\b"
)
# Where the outlet is what the question is about.
_ABOUT_BEFORE = re.compile(
    r"\b(?:own(?:s|ed)?|owners? of|ownership of|bought|buy|buys|acquir\w+|CEO of|editor of|head of"
    r"|found(?:ed|er of)|sue[sd]?|against|about|works? (?:for|at)|worked (?:for|at)|hack(?:ed|s)?"
    r"|bann?(?:ed|s)?|clos(?:e|ed)|publisher of|s[oe]ll|sold|runs?|jobs? at|with)\s+(?:the\s+)?$",
    re.I,
)
_ABOUT_AFTER = re.compile(
    r"^['’]s\s+(?:owner|editor|CEO|boss|staff|offices?|headquarters|lawsuit|subscribers|revenues?"
    r"|shares?|building|bureau|founder|journalists (?:were|was|are))\b|^\s+500\b"
)
_BETWEEN_NAMES = re.compile(
    r"^['’\"”“‘]?(?:s\b)?[\s,]*(?:and|or|&)?[\s,]*(?:the|also|another)?[\s'\"“‘]*$", re.I
)
# Well-known outlets whose names do not say what they are. A list of the world's press there is
# not: one that is missing here is only not *said* to be missing from the library.
_KNOWN = {
    "abc", "abcnews", "aftenposten", "aftonbladet", "apnews", "arstechnica", "asahishimbun",
    "axios", "bild", "billboard", "businessinsider", "buzzfeed", "caixin", "cbc", "cbs",
    "cbsnews", "cnbc", "cnet", "corrieredellasera", "dailybeast", "dawn", "deadline",
    "derspiegel", "deutschewelle", "diewelt", "diezeit", "dw", "economictimes", "elmundo",
    "elpais", "engadget", "espn", "espncricinfo", "euronews", "faz", "folha", "forbes",
    "foreignaffairs", "foreignpolicy", "foxnews", "france24", "gizmodo", "globo", "haaretz",
    "hollywoodreporter", "huffpost", "hurriyet", "itv", "izvestia", "kommersant",
    "larepubblica", "lastampa", "latimes", "lefigaro", "lemonde", "liberation", "mashable",
    "meduza", "msnbc", "nationalgeographic", "nbc", "nbcnews", "ndtv", "newscientist",
    "newsweek", "newyorker", "nikkei", "npr", "nyt", "nzz", "pbs", "politico", "pravda",
    "propublica", "prothomalo", "quartz", "rappler", "rferl", "rollingstone", "rt", "rte",
    "rudaw", "scientificamerican", "scmp", "skynews", "slate", "spiegel", "straitstimes",
    "techcrunch", "theatlantic", "thediplomat", "theeconomist", "theguardian", "thehill",
    "thehindu", "theintercept", "thenation", "thenewyorker", "theonion", "theverge",
    "timesofindia", "usatoday", "vanityfair", "variety", "vice", "voa", "voiceofamerica", "vox",
    "washingtonpost", "wsj", "yahoonews", "ynet", "zeit",
}  # fmt: skip
_NAME = re.compile(
    # The word that opens a question is no part of the name after it.
    r"(?!(?:And|But|Did|Does|Do|Has|Have|Is|Are|Was|Were|Why|How|What|When|Where|Who)\b)"
    r"(?:\bThe\s+)?\b[A-Z][\w&’-]*(?:\.[a-z]{2,4}\b)?(?:\s+(?:(?:of|du|de|la)\s+)?[A-Z][\w&-]*){0,4}"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a question names a source: `question[start:end]`.

    `outlets` are the library's names for it; none where the library does not hold it.
    """

    start: int
    end: int
    outlets: tuple[str, ...]


def read_outlets(question: str, held: Sequence[str]) -> tuple[list[Mention], list[str]]:
    """The sources that a question names: those held, in order, and the names of those that are not.

    `held` are the library's outlets. Where it has none, nothing is said to be missing.
    """
    if not held:
        return [], []
    known = _known(question, held)
    named = sorted([*known, *_others(question, known)], key=lambda found: found[0].start)
    sources = _with_listed(question, named)
    missing = [question[m.start : m.end] for m in sources if not m.outlets]
    return [m for m in sources if m.outlets], list(dict.fromkeys(missing))


def _known(question: str, held: Sequence[str]) -> list[tuple[Mention, bool]]:
    """Where the library's outlets are named, and whether as sources."""
    names = _aliases(tuple(held))
    words = list(_WORD.finditer(question))
    named: list[tuple[Mention, bool]] = []
    first = 0
    while first < len(words):
        for last in range(min(first + _MOST_WORDS, len(words)), first, -1):
            start, end = words[first].start(), words[last - 1].end()
            outlets = names.get(_key(question[start:end]), ())
            if outlets and not _is_subject(question, start, end):
                named.append((Mention(start, end, outlets), _is_source(question, start, end)))
                first = last - 1
                break
        first += 1
    return named


def _others(question: str, known: Sequence[tuple[Mention, bool]]) -> Iterable[tuple[Mention, bool]]:
    """Where other outlets are named, and whether as sources; these have no names in the library."""
    for match in _NAME.finditer(question):
        start, name = match.start(), re.sub(r"['’]s?$", "", match.group())
        end = start + len(name)
        apart = all(end <= m.start or m.end <= start for m, _ in known)
        if apart and _is_press(name) and not _is_subject(question, start, end):
            after = question[end:]
            told = _SURE.search(question[:start]) or _PIECE_AFTER.match(after)
            yield Mention(start, end, ()), bool(told or _TELLS.match(after))


def lists_of(question: str, mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    """Where mentions stand, those of one list ("A, B, and the C") as one: (start, end)."""
    spans = [(m.start, m.end) for m in mentions]
    for i in reversed(_listed(question, mentions)):
        spans[i : i + 2] = [(spans[i][0], spans[i + 1][1])]
    return spans


def _listed(question: str, mentions: Sequence[Mention]) -> list[int]:
    """The places of the mentions that are followed by another in the same list."""
    return [
        i
        for i, (one, other) in enumerate(pairwise(mentions))
        if _BETWEEN_NAMES.match(question[one.end : other.start])
    ]


def _with_listed(question: str, named: list[tuple[Mention, bool]]) -> list[Mention]:
    """The mentions that are sources, and those that stand in one list with them."""
    sure = [is_source for _, is_source in named]
    pairs = _listed(question, [mention for mention, _ in named])
    for i in [*pairs, *reversed(pairs)]:
        sure[i] = sure[i + 1] = sure[i] or sure[i + 1]
    return [mention for (mention, _), is_source in zip(named, sure, strict=True) if is_source]


def _is_source(question: str, start: int, end: int) -> bool:
    """Whether the words around a name, or the name itself, say that it is a source."""
    name, before, after = question[start:end], question[:start], question[end:]
    if _SURE.search(before):
        return True
    told = bool(_PIECE_AFTER.match(after) or _TELLS.match(after))
    if _is_plain(name):
        capital = name[:1].isupper() and not name.isupper()
        likely = bool(_LIKELY.search(before)) or (name.startswith("The ") and start > 0)
        return capital and (told or likely)
    return told or any(c.isupper() for c in name)


def _is_plain(name: str) -> bool:
    """Whether a name is one word that may be of the language, apart from its article."""
    words = [w for w in _WORD.findall(name) if w.casefold() != "the"]
    return len(words) == 1 and (words[0].islower() or words[0].istitle()) and "." not in name


def _is_subject(question: str, start: int, end: int) -> bool:
    if _ABOUT_AFTER.match(question[end:]):
        return True
    told = _SURE.search(question[:start]) or _PIECE_AFTER.match(question[end:])
    return bool(_ABOUT_BEFORE.search(question[:start])) and not told


def _key(name: str) -> str:
    """A name without case, marks and blanks: "Tech Crunch" and "TechCrunch" are one."""
    return "".join(_WORD.findall(name.casefold()))


@lru_cache(maxsize=8)
def _aliases(held: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """How the library's outlets may be called, each with the names in the catalogue."""
    found: dict[str, list[str]] = {}
    for outlet in held:
        for alias in dict.fromkeys(_key(alias) for alias in _called(outlet)):
            if alias:
                found.setdefault(alias, []).append(outlet)
    return {alias: tuple(outlets) for alias, outlets in found.items()}


def _called(outlet: str) -> Iterable[str]:
    """An outlet's name, in full and short.

    >>> sorted(_called("The Echo News - Health"))
    ['Echo News', 'Echo News - Health', 'TEN', 'The Echo News', 'The Echo News - Health']
    """
    head = _SECTION.split(outlet)[0]
    initials = "".join(word[0] for word in _WORD.findall(head) if word[0].isupper())
    for name in (outlet, head, _DOMAIN.sub("", head)):
        yield name
        yield re.sub(r"^the\s+", "", name, flags=re.I)
    short = _KIND.sub("", head)
    if short.isupper() and len(short) > 2:  # BBC News, but not Hill News
        yield short
    if len(initials) > 2 and len(_WORD.findall(head)) > 2:
        yield initials


def _is_press(name: str) -> bool:
    bare = re.sub(r"^the\s+", "", name, flags=re.I)
    return (
        bool(_DOMAIN.search(name))
        or is_outlet(bare)
        or _key(name) in _KNOWN
        or _key(bare) in _KNOWN
    )
