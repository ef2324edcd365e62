"""What sentences of news may be asked about: forms of words, and the verbs that they turn on."""

from __future__ import annotations

import re

NAME = r"[A-Z][\w’'-]+(?: (?:(?:al|el|bin|ibn|de|von|of|the) )?[A-Z][\w’'-]+){0,4}"
PERSON = r"[A-Z][\w’'-]+(?: (?:(?:al|el|bin|ibn|de|von) )?[A-Z][\w’'-]+){1,3}"

_SMALL = (
    "(?:[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en|[Ee]leven|[Tt]welve"
    "|[Ff]ifteen|[Tt]wenty|[Tt]hirty|[Ff]orty)"
)
_ABOUT = (
    "(?:(?:[Aa]t least|[Aa]t most|[Aa]bout|[Aa]round|[Nn]early|[Aa]lmost|[Mm]ore than|[Ll]ess than"
    "|[Oo]ver|[Ss]ome|[Uu]p to) )?"
)
NUMBER = (
    rf"{_ABOUT}(?:\d[\d,]*(?:\.\d+)?|{_SMALL})(?: (?:hundred|thousand|million|billion))?"
    r"(?![\w%]|[.,]\d)"
)
PERCENT = r"\d+(?:\.\d+)?(?: (?:percent|per cent)|%)"
THINGS = r"(?:[a-z][a-z-]+ ){0,2}?(?:people|[a-z]{3,}s)"

_DAYS = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTHS = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
CALENDAR = re.compile(rf"\b(?:{_DAYS}|{_MONTHS})\b")
WHEN = (
    rf"(?:on {_DAYS}(?: (?:morning|afternoon|evening|night))?|on \d{{1,2}} {_MONTHS}(?: \d{{4}})?"
    rf"|on {_MONTHS} \d{{1,2}}(?:, \d{{4}})?|in {_MONTHS}(?: \d{{4}})?"
    r"|in (?:19|20)\d\d|last (?:week|month|year))"
)

ROOT = {
    "killed": "kill", "wounded": "wound", "injured": "injure", "destroyed": "destroy",
    "damaged": "damage", "displaced": "displace", "arrested": "arrest", "detained": "detain",
    "captured": "capture", "seized": "seize", "rescued": "rescue", "evacuated": "evacuate",
    "released": "release", "freed": "free", "sold": "sell", "built": "build", "bought": "buy",
    "hired": "hire", "employed": "employ", "lost": "lose", "won": "win", "scored": "score",
    "recruited": "recruit", "deployed": "deploy", "fined": "fine", "treated": "treat",
    "received": "receive", "raised": "raise", "cleared": "clear", "repaired": "repair",
    "planted": "plant", "shipped": "ship", "delivered": "deliver", "found": "find",
    "counted": "count", "recorded": "record", "hosted": "host", "trained": "train",
}  # fmt: skip
"""Verbs that count what they do something to, and their plain forms."""

MOVED = {
    "rose": "rise", "fell": "fall", "grew": "grow", "dropped": "drop", "increased": "increase",
    "decreased": "decrease", "declined": "decline", "climbed": "climb", "shrank": "shrink",
    "jumped": "jump", "slipped": "slip", "gained": "gain",
}  # fmt: skip
"""Verbs of figures that move, and their plain forms."""

_IRREGULAR = (
    "built|held|shot|sent|sold|found|made|told|taken|given|shown|driven|thrown|known|torn|won|lost"
    "|set|cut|hit|struck|brought|bought|caught|taught|begun|sworn|chosen|stolen|broken|written"
)
DONE = rf"(?:[a-z]+ed|{_IRREGULAR})"
"""A past participle."""

_ROLES = (
    "president|minister|mayor|governor|commander|chief|head|director|chairman|chairwoman|chair"
    "|leader|spokesman|spokeswoman|spokesperson|ambassador|general|secretary|coach|captain"
    "|founder|owner|editor|professor|researcher|analyst|author|engineer|officer|judge|lawyer"
    "|senator|deputy|envoy|manager|president-elect|prosecutor|archaeologist|curator|executive"
)
ROLE = rf"(?:the |a |an )?(?:[\w’'-]+ ){{0,4}}?(?:{_ROLES})\b[^,.;:“”\"()]{{0,60}}"
"""What somebody is, as it stands between commas behind a name."""
