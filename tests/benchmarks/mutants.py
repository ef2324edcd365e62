"""Real sentences altered by rules: faithful paraphrases, and claims with one thing wrong.

Kept apart from the product's own word lists on purpose: what a check knows is no measure of it.
Each maker takes a sentence and gives the altered one, or None where it does not apply.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_VERBS = """
accept accepted accepted|accuse accused accused|acquire acquired acquired|announce announced
announced |arrest arrested arrested|attack attacked attacked|ban banned banned|beat beat
beaten|block blocked blocked |bomb bombed bombed|break broke broken|build built built|buy bought
bought|capture captured captured |close closed closed|condemn condemned condemned|confirm
confirmed confirmed|control controlled controlled |cut cut cut|defeat defeated defeated|deliver
delivered delivered|deploy deployed deployed |destroy destroyed destroyed|develop developed
developed|detain detained detained|enter entered entered |establish established
established|evacuate evacuated evacuated|expel expelled expelled|fire fired fired |free freed
freed|give gave given|help helped helped|hit hit hit|hold held held|invade invaded invaded |join
joined joined|kidnap kidnapped kidnapped|kill killed killed|launch launched launched|leave left
left |liberate liberated liberated|lose lost lost|make made made|name named named|open opened
opened |push pushed pushed|raise raised raised|reach reached reached|recapture recaptured
recaptured |receive received received|reject rejected rejected|release released released|remove
removed removed |replace replaced replaced|report reported reported|rescue rescued
rescued|retake retook retaken |seize seized seized|sell sold sold|send sent sent|shell shelled
shelled|shoot shot shot |shut shut shut|sign signed signed|storm stormed stormed|strike struck
struck|sue sued sued |support supported supported|surround surrounded surrounded|take took
taken|target targeted targeted |win won won|withdraw withdrew withdrawn|wound wounded
wounded|bring brought brought|use used used |stop stopped stopped|start started started|get got
got|find found found|regain regained regained |secure secured secured|return returned
returned|end ended ended|play played played |keep kept kept|create created created|move moved
moved|meet met met|carry carried carried |resume resumed resumed|advance advanced
advanced|reopen reopened reopened|beat beat beaten
"""
VERBS = [tuple(entry.split()) for entry in " ".join(_VERBS.split()).split("|")]
PAST_OF = {base: past for base, past, _ in VERBS}
DONE_OF = {base: done for base, _, done in VERBS}
BASE_OF = {form: base for base, past, done in VERBS for form in (past, done)}
_THIRD = {base: base + ("es" if base.endswith(("sh", "ch", "ss")) else "s") for base in PAST_OF}
_SYMMETRIC = {"met", "joined", "played", "resumed", "ended", "started", "reported"}
_PASTS = "|".join(sorted({past for _, past, _ in VERBS}, key=len, reverse=True))
_DONE = "|".join(sorted({done for _, _, done in VERBS}, key=len, reverse=True))

MONTHS = re.findall(
    r"\w+",
    "January February March April May June July August September October November December",
)
DAYS = re.findall(r"\w+", "Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_MONTH, _DAY = "|".join(MONTHS), "|".join(DAYS)
_WORDS = re.findall(
    r"\w+",
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty",
)
_VALUES = dict(zip(_WORDS, (*range(2, 13), 15, 20, 30, 40, 50), strict=True))
_NUMBER = re.compile(
    rf"(?<![\w.,/:$€£-])[$€£]?(\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)(?![\w/:]|[.,]\d|-\d|-\w)"
    rf"|(?<![\w-])({'|'.join(_WORDS)})(?![\w-])"
)
_DATED = re.compile(rf"\b(?:{_MONTH})\s+$|\b(?:{_MONTH})\s+\d{{1,2}},\s+$")
_NAME_WORD = r"[A-Z][\w’'-]*[\w]"
_RUN = re.compile(rf"{_NAME_WORD}(?:\s+(?:al-|bin\s+|of\s+)?{_NAME_WORD})*")
_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|near|outside|around|into|across|toward|towards|inside|of|from)\s+(?:(?:the\s+)?(?:\w+\s+)?"
    r"(?:city|town|village|province|countryside|district|region|capital|border)\s+of\s+)?$"
)
_CERTAIN_PLACE = re.compile(_PLACE_BEFORE.pattern.replace("|of|from)", ")"))
_NO_NAME = {
    *MONTHS, *DAYS, "I", "The", "A", "An", "He", "She", "It", "They", "We", "But", "And",
    "This", "That", "For", "You", "Mr", "Mrs", "As", "If", "However", "More", "All", "There", "At",
    "In", "On",
}  # fmt: skip
_SAME = (
    {"isis", "isil", "is", "islamic", "state", "daesh", "group", "caliphate"},
    {"us", "america", "american", "americans", "united", "states", "washington"},
    {"uk", "britain", "british", "united", "kingdom"},
    {"un", "united", "nations"},
    {"eu", "european", "union", "europe"},
    {"kurdish", "kurds", "kurd", "kurdistan"},
)


@dataclass(frozen=True, slots=True)
class Pool:
    """Names and places of other articles, to put in a true one's stead."""

    names: tuple[str, ...]
    places: tuple[str, ...]


Maker = Callable[[str, random.Random, Pool], str | None]


def runs_of(sentence: str) -> list[re.Match[str]]:
    """Capitalised runs that name something, those at the very start left out."""
    found = []
    for match in _RUN.finditer(sentence):
        words = match[0].split()
        begins = not re.search(r"\w[^\w.!?:“”\"‘’]*\s$", sentence[: match.start()])
        if not begins and not _NO_NAME.intersection(words) and len(words) <= 4:
            found.append(match)
    return found


def pool_of(sentences: Iterable[str]) -> Pool:
    """The names of some sentences, told by what stands before them."""
    names: dict[str, None] = {}
    places: dict[str, None] = {}
    for sentence in sentences:
        for run in runs_of(sentence):
            if _CERTAIN_PLACE.search(sentence[: run.start()]):
                places[run[0]] = None
            elif not _PLACE_BEFORE.search(sentence[: run.start()]):
                names[run[0]] = None
    return Pool(tuple(n for n in names if n not in places), tuple(places))


def _pick(random_: random.Random, items: Iterable[re.Match[str]]) -> re.Match[str] | None:
    found = list(items)
    return random_.choice(found) if found else None


def _replaced(sentence: str, match: re.Match[str], words: str, group: int = 0) -> str:
    return sentence[: match.start(group)] + words + sentence[match.end(group) :]


# One thing wrong


def other_number(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """Another number in place of one that is no date's."""
    match = _pick(random_, (m for m in _NUMBER.finditer(sentence) if not _is_dates(sentence, m)))
    if match is None:
        return None
    present = {int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", sentence) if n.strip(",")}
    present |= {_VALUES[w] for w in re.findall(r"\w+", sentence.lower()) if w in _VALUES}
    if match[2]:
        words = [w for w in _WORDS if _VALUES[w] not in present]
        return _replaced(sentence, match, random_.choice(words), 2)
    digits = match[1].replace(",", "")
    for _ in range(20):
        changed = _other_digits(digits, random_)
        if int(float(changed)) not in present and changed not in sentence:
            shown = f"{int(changed):,}" if "," in match[1] else changed
            return _replaced(sentence, match, shown, 1)
    return None


def _other_digits(digits: str, random_: random.Random) -> str:
    at = random_.choice([i for i, c in enumerate(digits) if c.isdigit()])
    return digits[:at] + random_.choice("123456789".replace(digits[at], "")) + digits[at + 1 :]


def _is_dates(sentence: str, match: re.Match[str]) -> bool:
    year = re.fullmatch(r"(?:19|20)\d\d", match[0])
    beside = re.match(rf"(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTH})\b", sentence[match.end() :])
    return bool(year or beside or _DATED.search(sentence[: match.start()]))


def other_date(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """Another weekday, month, year or day of the month."""
    match = _pick(
        random_,
        re.finditer(
            rf"\b(?:(?P<day>{_DAY})|(?P<month>{_MONTH})(?=\s+\d|,|\.|\s+(?:and|when|after|with|to|in))"
            r"|(?P<year>(?<=in\s)(?:19|20)\d\d|(?<=,\s)(?:19|20)\d\d))\b",
            sentence,
        ),
    )
    if match is None:
        return None
    if match["year"]:
        others = [str(int(match[0]) + n) for n in (-3, -2, -1, 1, 2, 3)]
    else:
        others = DAYS if match["day"] else MONTHS
    if match["month"] and random_.random() < 0.5:
        number = re.match(r"\s+(\d{1,2})\b", sentence[match.end() :])
        if number:
            at = match.end() + number.start(1)
            day = random_.choice([d for d in range(1, 29) if str(d) not in sentence])
            return f"{sentence[:at]}{day}{sentence[at + len(number[1]) :]}"
    return _replaced(sentence, match, random_.choice([o for o in others if o not in sentence]))


def other_name(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """Another name in place of one that no preposition of place precedes."""
    runs = (r for r in runs_of(sentence) if not _PLACE_BEFORE.search(sentence[: r.start()]))
    return _renamed(sentence, _pick(random_, runs), pool.names, random_)


def other_place(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """Another place in place of what "in", "at", "near" and the like precede."""
    runs = (r for r in runs_of(sentence) if _CERTAIN_PLACE.search(sentence[: r.start()]))
    return _renamed(sentence, _pick(random_, runs), pool.places, random_)


def _renamed(
    sentence: str, run: re.Match[str] | None, pool: tuple[str, ...], random_: random.Random
) -> str | None:
    if run is None:
        return None
    for _ in range(20):
        other = random_.choice(pool)
        if not _alike(other, sentence) and not _alike(run[0], other):
            return _replaced(sentence, run, other)
    return None


def _alike(name: str, text: str) -> bool:
    """Whether a word of the name could be meant by the text: same beginning or known alias."""
    own = {w.lower() for w in re.findall(r"\w+", name)}
    others = {w.lower() for w in re.findall(r"\w+", text)}
    if any(own & group and others & group for group in _SAME):
        return True
    starts = {w[:3] for w in others}
    initials = "".join(w[0] for w in name.split()).lower()
    return any(w[:3] in starts for w in own) or initials in others


def negated(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """A "not" put in or taken out."""
    makers = [_without_not, _with_not, _did_not]
    random_.shuffle(makers)
    return next((made for maker in makers if (made := maker(sentence, random_))), None)


def _without_not(sentence: str, random_: random.Random) -> str | None:
    bases = "|".join(PAST_OF)
    match = re.search(rf"\bdid\s?(?:not|n['’]t)\s+({bases})\b", sentence)
    if match:
        return _replaced(sentence, match, PAST_OF[match[1]])
    match = re.search(
        r"\b(was|were|is|are|has|have|had|will|would|can|could|may)\s+not\b", sentence
    )
    if match:
        return _replaced(sentence, match, match[1])
    match = re.search(
        r"\bnever\s|(?<=[a-z]\s)no\s(?=[a-z]+s?\b)(?!longer|doubt|more|less)", sentence
    )
    return _replaced(sentence, match, "") if match else None


def _with_not(sentence: str, random_: random.Random) -> str | None:
    if re.search(r"\bnot?\b|n['’]t\b|\bnever\b|\bif\b", sentence):
        return None
    match = _pick(
        random_,
        re.finditer(r"\b(?:was|were|is|are|has|have|had|will|would|can)\s+(?=[a-z])", sentence),
    )
    return _replaced(sentence, match, f"{match[0]}not ") if match else None


def _did_not(sentence: str, random_: random.Random) -> str | None:
    if re.search(r"\bnot?\b|n['’]t\b|\bnever\b", sentence):
        return None
    match = _pick(
        random_,
        re.finditer(
            rf"(?<=[a-z]\s)(?<!was\s)(?<!were\s)(?<!been\s)(?<!has\s)(?<!have\s)(?<!had\s)(?<!is\s)"
            rf"(?<!are\s)(?<!ly\s)(?<!the\s)(?<!and\s)({_PASTS})\s+(?:the|a|an|its|their|at|[A-Z])",
            sentence,
        ),
    )
    return _replaced(sentence, match, f"did not {BASE_OF[match[1]]}", 1) if match else None


_SURE = (
    (r"\s?\b(?:reported|alleged|purported|supposed|apparent)ly,?(?=\s)", ""),
    (r"\s?\b(?:possibly|probably),?(?=\s)", ""),
    (r"\b(?:alleged|suspected|purported|unconfirmed)\s(?!(?:to|that|of|by|in)\b)(?=[a-zA-Z])", ""),
    (r"\b(?:is|are|was|were)\s+(?:expected|likely|believed|thought|said)\s+to\s+have\b", "had"),
    (r"\b(?:is|are)\s+(?:expected|likely|believed|thought)\s+to\s(?!be\b)", "will "),
    (r"\b(?:is|are)\s+(?:expected|likely)\s+to\s+be\b", "will be"),
    (r"\b(?:is|are)\s+(?:said|believed|thought|alleged|reported)\s+to\s+be\b", "is"),
    (r"\b(?:may|might|could)\s+have\s+been\b", "was"),
    (r"\b(?:may|might|could)\s+have\s+(?=[a-z]+ed\b)", ""),
    (r"\b(?:may|might|could)\s+be\b", "is"),
    (r"\b(?:may|might)\s+(?=[a-z])", "will "),
    (r"\bclaim(?:s|ed)?\s+to\s+have\s+", ""),
    (r"\b(?:[A-Z]\w+|he|she|they)\s+claim(?:s|ed)\s+(?:that\s+|(?=(?:the|it|its|[A-Z])\b))", ""),
    (r"\b(?:allegations|claims|rumou?rs|speculation)\s+that\s+", "the fact that "),
    (r"\bappear(?:s|ed)?\s+to\s+have\s+", "has "),
    (r"\bseem(?:s|ed)?\s+to\s+be\b", "is"),
    (r"\bappear(?:s|ed)?\s+to\s+be\b", "is"),
)  # fmt: skip


def surer(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """A hedge taken out."""
    rules = [(re.search(p, sentence), words) for p, words in _SURE]
    found = [(m, words) for m, words in rules if m]
    if not found:
        return None
    match, words = random_.choice(found)
    made = " ".join(_replaced(sentence, match, words).split())
    return made[:1].upper() + made[1:]


_ATTEMPT = re.compile(
    r"(?<!to\s)(?<!not\s)(?<!n’t\s)(?<!n't\s)\b"
    r"(?:(?:is|are|was|were|has been|have been)\s+(?:also\s+|now\s+)?)?"
    r"(?:attempt(?:s|ed|ing)|tries|tried|trying|plans|planned|planning|aimed|aiming|seeks|sought"
    r"|seeking|vowed|vows|intends|intended|hopes|hoped|hoping|wants|wanted|threaten(?:s|ed)"
    r"|prepar(?:es|ed|ing)|decided|agreed|pledged|promised|offered|urged)"
    rf"\s+to\s+({'|'.join(PAST_OF)})\b"
)
_ATTEMPT_NOUN = re.compile(
    r"\b(?:(?:in|resumed|launched|began|made)\s+)?(?:an?\s+|its\s+|their\s+|his\s+)?"
    r"(?:attempts?|bid|effort|efforts|plans?)\s+to\s+"
    rf"({'|'.join(PAST_OF)})\b"
)


def done(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """An attempt, a plan or a wish told as a deed."""
    match = _ATTEMPT.search(sentence) or _ATTEMPT_NOUN.search(sentence)
    if match is None:
        return None
    deed = PAST_OF[match[1]]
    if deed in ("took", "retook", "captured", "seized") and random_.random() < 0.3:
        deed = "controls"
    return _replaced(sentence, match, deed)


_ACTOR = (
    rf"(?:(?:[Tt]he\s+)?(?:{_NAME_WORD}(?:\s+{_NAME_WORD})*)(?:\s+(?:forces|troops|fighters|army"
    r"|government|regime|militants|officials))?|[Tt]he\s+(?:\w+\s+)?(?:army|rebels|government|militants|police"
    r"|regime|coalition|opposition|militia|company|jihadists|troops|forces|group|president|court))"
)
_WHOM = re.compile(
    rf"(?P<a>{_ACTOR})\s+(?:has\s+|have\s+|had\s+|also\s+)?(?P<v>{_PASTS}|{_DONE})\s+(?P<b>{_ACTOR})(?![\w’'-])"
)
_FROM_BY = re.compile(
    rf"(?P<a>{_ACTOR})\s+(?:[a-z-]+\s+){{0,3}}(?P<v>{_PASTS}|{_DONE})\s+[^,;.]{{3,60}}?"
    rf"\s(?:from|against)\s+(?P<b>{_ACTOR})(?![\w’'-])"
)
_PASSIVE = re.compile(
    rf"(?P<a>{_ACTOR})\s+(?:was|were|has\s+been|have\s+been|is|are)\s+(?:\w+ly\s+)?(?P<v>{_DONE})"
    rf"[^,;.]{{0,40}}?\sby\s+(?P<b>{_ACTOR})(?![\w’'-])"
)


def swapped(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """Who does it and whom it is done to, exchanged."""
    patterns = [_WHOM, _FROM_BY, _PASSIVE]
    random_.shuffle(patterns)
    for pattern in patterns:
        for match in pattern.finditer(sentence):
            a, b = match["a"], match["b"]
            first = {w.strip("’'s") for w in (*a.split(), *b.split())} & (_NO_NAME - {"The"})
            if match["v"] in _SYMMETRIC or first or _alike(_bare(a), _bare(b)):
                continue
            if _is_cut(sentence, match, "a") or _is_cut(sentence, match, "b"):
                continue
            one, other = _lowered(a, match.start("a")), _lowered(b, match.start("b"))
            other = other[:1].upper() + other[1:] if match.start("a") == 0 else other
            middle = sentence[match.end("a") : match.start("b")]
            return f"{sentence[: match.start('a')]}{other}{middle}{one}{sentence[match.end('b') :]}"
    return None


def _is_cut(sentence: str, match: re.Match[str], group: str) -> bool:
    """Whether it is half a name: a "The" alone, the "Numan" of "al-Numan", "the US-led"."""
    return (
        match[group] in ("The", "With")
        or sentence[: match.start(group)].endswith("-")
        or re.search(r"-[a-z]+$", match[group]) is not None
    )


def _bare(actor: str) -> str:
    return re.sub(r"^[Tt]he\s+", "", actor)


def _lowered(actor: str, start: int) -> str:
    return re.sub(r"^The\s", "the ", actor) if start == 0 else actor


WRONG: dict[str, Maker] = {
    "number": other_number,
    "date": other_date,
    "name": other_name,
    "place": other_place,
    "negation": negated,
    "hedge": surer,
    "attempt told as done": done,
    "actors": swapped,
}


# Faithful


def passive(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """ "A took B." -> "B was taken by A."; short sentences with names alone."""
    match = re.fullmatch(
        rf"(?P<a>{_ACTOR})\s+(?P<v>{_PASTS})\s+(?P<b>the\s+\w+(?:\s+\w+)?|{_ACTOR})"
        r"(?P<rest>\s+(?:in|on|near|after|during|at)\s+[^,;]+)?\.",
        sentence,
    )
    if match is None:
        return None
    be = "were" if match["b"].endswith("s") else "was"
    b = match["b"][:1].upper() + match["b"][1:]
    a = _lowered(match["a"], 0)
    return f"{b} {be} {DONE_OF[BASE_OF[match['v']]]} by {a}{match['rest'] or ''}."


def adverbial_last(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """ "On Thursday, X." -> "X on Thursday."."""
    match = re.fullmatch(
        r"((?:On|In|At|During|After|Since|By|Last|Earlier|Late)\s[^,“”\"]{3,40}),?\s"
        r"((?:the|a|an|[A-Z]\w+)\s[^“”\"]+)\.",
        sentence,
    )
    if match is None or match[1].endswith(("said", "and")):
        return None
    lead = match[1][:1].lower() + match[1][1:]
    return f"{match[2][:1].upper()}{match[2][1:]} {lead}."


def day_first(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """ "X on Thursday." -> "On Thursday, X."."""
    match = re.fullmatch(rf"((?:The|A|[A-Z]\w+)\s[^“”\"]+?)\son\s((?:{_DAY}))\.", sentence)
    if match is None:
        return None
    body = re.sub(r"^(The|A|An)\s", lambda m: m[0].lower(), match[1])
    return f"On {match[2]}, {body}."


_SYNONYMS = (
    ("seized", "captured"), ("captured", "seized"), ("began", "started"), ("started", "began"),
    ("purchased", "bought"), ("bought", "purchased"), ("fighters", "militants"),
    ("near", "close to"),
    ("more than", "over"), ("stated", "said"), ("because of", "due to"), ("also ", ""),
    ("however, ", ""), ("in order to", "to"), ("several", "a number of"), ("assault", "attack"),
    ("large", "big"), ("currently", "now"), ("despite", "in spite of"), ("such as", "like"),
    ("about", "around"), ("entire", "whole"), ("wounded", "injured"), ("injured", "wounded"),
    ("claimed the lives of", "killed"), ("following", "after"), ("assist", "help"),
    ("around the world", "worldwide"), ("allow", "let"), ("kids", "children"),
    ("attempted to", "tried to"), ("tried to", "attempted to"), ("announced", "said"),
    ("in addition to", "besides"), ("including", "among them"), ("while", "whereas"),
    ("took control of", "seized"), ("did not", "didn’t"), ("it is", "it’s"),
)  # fmt: skip


def synonym(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """One or two words by others that mean the same here."""
    found = [(a, b) for a, b in _SYNONYMS if re.search(rf"\b{a.rstrip()}\b", sentence)]
    random_.shuffle(found)
    made = sentence
    for word, other in found[:2]:
        made = re.sub(
            rf"\b{re.escape(word)}" + ("" if word.endswith(" ") else r"\b"), other, made, count=1
        )
    return made if found and made != sentence else None


def number_form(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """ "four" -> 4 and back; percent and its sign; thousands with and without a comma."""
    made = re.sub(
        rf"(?<![\w-])({'|'.join(_WORDS)})(?![\w-])(?=\s[a-z]+s\b)",
        lambda m: str(_VALUES[m[1]]),
        sentence,
    )
    if made == sentence:
        made = re.sub(r"(?<=\d)\s?(?:percent|per cent)\b", "%", sentence)
    if made == sentence:
        made = re.sub(r"(?<![\d.,])(\d{1,3}),(\d{3})(?![\d,])", r"\1\2", sentence)
    if made == sentence:
        by_value = {str(v): w for w, v in _VALUES.items()}
        made = re.sub(
            r"(?<![\w.,$€£:/-])(\d{1,2})(?=\s[a-z]+s\b)(?!\s(?:hours|minutes))",
            lambda m: by_value.get(m[1], m[1]),
            sentence,
        )
    return made if made != sentence else None


def date_form(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """ "May 4" -> "4 May" and back."""
    made = re.sub(rf"\b({_MONTH})\s(\d{{1,2}})(?:st|nd|rd|th)?(?!\d|:|,\s\d)", r"\2 \1", sentence)
    if made == sentence:
        made = re.sub(rf"\b({_MONTH})\s(\d{{1,2}}),\s((?:19|20)\d\d)\b,?", r"\2 \1 \3", sentence)
    if made == sentence:
        made = re.sub(rf"(?<!\d)(\d{{1,2}})\s({_MONTH})\b(?!\s\d)", r"\2 \1", sentence)
    return made if made != sentence else None


def aside_dropped(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """Without a bracket, or without a ", which …," in the middle."""
    made = re.sub(r"\s\([^()]{2,60}\)", "", sentence, count=1)
    if made == sentence:
        made = re.sub(
            r",\s(?:which|who|whose|where)\s[^,“”\"]{5,80},(?=\s[a-z])", "", sentence, count=1
        )
    if made == sentence:
        made = re.sub(r",\s(?:a|an|the)\s[a-z][^,“”\"]{3,40},(?=\s[a-z])", "", sentence, count=1)
    return made if made != sentence else None


def tense(sentence: str, random_: random.Random, pool: Pool) -> str | None:
    """ "has taken" -> "took", and the full form of a shortened one."""
    made = re.sub(
        rf"\b(?:has|have)\s({_DONE})\b(?!\s+by)",
        lambda m: PAST_OF[BASE_OF[m[1]]],
        sentence,
        count=1,
    )
    return made if made != sentence else None


FAITHFUL: dict[str, Maker] = {
    "passive": passive,
    "adverbial last": adverbial_last,
    "day first": day_first,
    "synonym": synonym,
    "number form": number_form,
    "date form": date_form,
    "aside dropped": aside_dropped,
    "tense": tense,
}
