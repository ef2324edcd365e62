"""Words as the checks compare them: one form for the forms of a verb, and what is passed over."""

from __future__ import annotations

import re
from functools import cache

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
# Passed over on the way from a cue to the word that it bears on.
SKIPPED = frozenset(
    re.findall(
        r"\w+",
        "be been being have has had to also again further still yet ever fully largely quickly "
        "soon that the a an any their its his her it them they he she we you i there and or of in "
        "on at by just now even not my your our this these those who which "
        "do does did is are was were am will would could may might can should must shall",
    )
)
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
    "retake": "take", "beat": "beat", "beaten": "beat", "became": "become", "chose": "choose",
    "chosen": "choose", "cut": "cut", "felt": "feel", "fled": "flee", "flew": "fly",
    "flown": "fly", "forced": "force", "got": "get", "grew": "grow", "grown": "grow",
    "heard": "hear", "hurt": "hurt", "laid": "lay", "meant": "mean", "put": "put", "ran": "run",
    "rose": "rise", "risen": "rise", "set": "set", "shut": "shut", "spent": "spend",
    "stole": "steal", "stolen": "steal", "stood": "stand", "swept": "sweep", "taught": "teach",
    "threw": "throw", "thrown": "throw", "wrote": "write", "written": "write",
    "overran": "overrun", "overthrew": "overthrow", "overthrown": "overthrow",
    "undertook": "undertake", "bore": "bear", "drew": "draw", "drawn": "draw", "fed": "feed",
    "showed": "show", "shown": "show", "spoke": "speak", "spoken": "speak", "wore": "wear",
    "used": "use", "died": "die", "tied": "tie",
    "sued": "sue",
}  # fmt: skip
# Who has done one of these has, for a reader, done them all.
_TAKING_WORDS = (
    "take", "capture", "seize", "control", "hold", "liberate", "secure", "regain", "reclaim",
    "recover", "win",
)  # fmt: skip
_ENDINGS = (("ied", "y"), ("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))
_NO_VERBS = frozenset(
    re.findall(
        r"\w+", "hundred indeed speed need seed feed weed breed united armed allied supposed"
    )
)


@cache
def stem(word: str) -> str:
    """One form for the forms of a regular verb: "controls", "controlled", "controlling".

    >>> stem("controlled") == stem("controls"), stem("re-took") == stem("takes")
    (True, True)
    """
    word = re.sub(r"^re-?(?=tak|captur|took)", "", re.split("['’]", word.lower())[0])
    word = _IRREGULAR.get(word, word)
    for ending, other in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + other
            break
    word = re.sub(r"([^aeiou])\1$", r"\1", word)
    return re.sub(r"(?<=\w\w\w)e$", "", word)


@cache
def tells_past(word: str) -> bool:
    """Whether a word looks like a verb's past or participle: "seized", "took", "shot".

    >>> tells_past("seized"), tells_past("hundred"), tells_past("United")
    (True, False, False)
    """
    if not word.islower() or word in _NO_VERBS:
        return False
    return word in _IRREGULAR or (word.endswith("ed") and len(word) > 4 and "-" not in word)


TAKING = frozenset(stem(word) for word in _TAKING_WORDS)
