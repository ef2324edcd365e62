"""Who holds a place: sentences that tell it in many ways, and sentences that do not tell it.

News reports seldom say "X controls Y"; they tell it by the way: of attempts to take a town *from*
those who hold it, of the "rebel-held" village, of a bridge that fell to somebody. Real sentences of
the kind are too few to learn it from (`roles.py` finds some dozens), so these are composed, with
forces and places that the articles name.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from training.news.drafts import Draft

if TYPE_CHECKING:  # so that it can be tested where spaCy is not installed
    from training.news.corpus import Corpus

_GROUPS = 1100
_FORCES = (
    "the army|government forces|the rebels|the militants|the insurgents|the separatists|"
    "the junta|the militia|opposition fighters|the jihadists|the coalition|pro-government forces|"
    "the national guard|tribal fighters|the guerrillas|loyalist troops|the security forces|"
    "the marines|foreign mercenaries|the border guards|local volunteers|Kurdish forces|"
    "the paramilitaries|the invaders|Russian troops|Ukrainian forces|Ethiopian troops|"
    "the police|a rival gang|the cartel|the loyalists|the marchers"
).split("|")
_ACRONYMS = "the PKK|the SDF|the YPG|the FSA|UNITA|the RSF|the LNA|the TPLF|RENAMO|the SPLA"
_SITES = (
    "town|village|city|district|crossing|airport|airbase|road|highway|bridge|hill|border post|"
    "suburb|port|oil field|dam|neighbourhood|mine|valley|refinery|power station|island"
).split("|")
_BEFORE_NAME = frozenset({"town", "village", "city", "district", "port", "suburb", "island"})
_YEARS, _DAYS = range(2003, 2026), "Monday Tuesday Wednesday Thursday Friday Saturday".split()

# {a} fights, {b} holds {p}. {B} and {P} begin a sentence.
_ATTEMPTED = (
    "{A} launched an operation to recapture {p} from {b}.",
    "{A} are trying to drive {b} out of {p}.",
    "{A} have begun an offensive to wrest {p} from {b}.",
    "{A} have tried for weeks to dislodge {b} from {p}.",
    "{A} failed to recover {p} from {b}.",
    "A new push by {a} to seize {p} from {b} has stalled.",
    "{A} vowed to liberate {p} from {b}.",
    "{B} repelled an attempt by {a} to storm {p}.",
    "{A} are advancing on {p} in a bid to take it back from {b}.",
    "Fighting continues as {a} attempt to regain {p} from {b}.",
)
_HELD = (
    "{A} shelled {p}, which {b} have held since {year}.",
    "{B} still hold {p} despite strikes by {a}.",
    "{P} remains in the hands of {b}.",
    "{P} is under the control of {b}.",
    "{A} laid siege to {p}, where {b} are holding out.",
    "Warplanes struck {p}, a stronghold of {b}.",
    "{B} have tightened their grip on {p}.",
    "{P}, controlled by {b}, came under fire from {a}.",
    "Residents of {p} say that {b} run the place and collect the taxes.",
    "Flags of {b} were flying over {p} on {day}.",
    "An aid convoy was stopped at {p} by {b}, who are in charge there.",
    "{P}, held by {b}, was hit by {n} rockets.",
)
_TAKEN = (
    "{B} seized {p} from {a} on {day}.",
    "{B} have captured {p} after {n} days of fighting.",
    "{P} fell to {b} on {day}.",
    "{A} lost {p} to {b}.",
    "{B} took full control of {p} after {a} withdrew.",
    "{B} drove {a} out of {p}.",
    "{B} announced that they had liberated {p}.",
    "{P} was overrun by {b} in {year}.",
    "{A} pulled out of {p}, leaving it to {b}.",
    "{B} recaptured {p} from {a}.",
)
_FOUGHT = (  # which does not tell who holds it, and may well tell who wants it
    "{A} and {b} exchanged fire near {p}.",
    "Clashes between {a} and {b} broke out around {p} on {day}.",
    "{A} fired {n} rockets at {p}.",
)
_QUIET = (
    "An air strike near {p} killed {n} people.",
    "Thousands of people fled {p} as {a} and {b} traded accusations.",
    "A convoy carrying {n} tonnes of flour reached {p} on {day}.",
    "{A} said that {p} was of great importance.",
    "Talks between {a} and {b} over {p} broke down in {year}.",
    "A car bomb wounded {n} people near {p}; nobody claimed the attack.",
    "{A} sent envoys to {p} to meet {b}.",
    "Heavy rain has closed {p} for {n} days.",
    "{A} and {b} agreed to a truce in {p}.",
    "{P} has been quiet since {year}.",
)
_UNTOLD = (*_FOUGHT, *_QUIET)
_LEADS = (
    "In {q}, ", "On {day}, ", "According to a monitor, ", "Meanwhile, ",
    "North of {q}, ", "Earlier this week, ", "After {n} days of calm, ",
)  # fmt: skip
_TAILS = (
    ", a monitor said", ", state television reported", ", residents told reporters",
    ", according to officials", " amid heavy shelling", ", {n} km from {q}", ", sources said",
    " with air support", " in the campaign's last weeks",
)  # fmt: skip
_HOLDER = (
    "Who controls {p}?", "Who holds {p}?", "Who is in control of {p}?", "Which side holds {p}?",
    "Under whose control is {p}?", "In whose hands is {p}?", "Who is in charge of {p}?",
    "Who has {p} now?",
)  # fmt: skip
_TAKER = ("Who took {p}?", "Who captured {p}?", "who seized {p}?", "Who conquered {p}?")
_SEEKER = (
    "Who is trying to take {p}?", "Who wants to retake {p}?", "From whom is {p} to be taken?",
    "Who is battling for {p}?",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Scene:
    """Two forces, a place, one like it, one far off, and the small words around them."""

    words: dict[str, str]
    context: str

    def tell(self, frame: str, rng: random.Random, **other: str) -> str:
        """A sentence of this scene; `other` takes the place of its words."""
        words = {**self.words, **other}
        words |= {key.upper(): f"{words[key][0].upper()}{words[key][1:]}" for key in "abp"}
        if rng.random() < 0.4:
            inside = (
                frame[:1].lower() + frame[1:] if frame[0] != "{" else frame[:3].lower() + frame[3:]
            )
            frame = rng.choice(_LEADS) + inside
        if rng.random() < 0.35:
            frame = frame.removesuffix(".") + rng.choice(_TAILS) + "."
        return frame.format(**words)


def possession(corpus: Corpus, seed: int) -> Iterator[Draft]:
    """Groups on who holds, took and wants a place; a third of them without an answer."""
    rng = random.Random(f"{seed} possession")
    names = _Names(corpus)
    for _ in range(_GROUPS):
        home = rng.choice(names.homes)
        scene = names.scene(home, rng)
        yield rng.choices([_answered, _unanswered], [2, 1])[0](scene, home, rng)


def _answered(scene: _Scene, home: tuple[int, int], rng: random.Random) -> Draft:
    words = scene.words
    asked = rng.choices(["holder", "taker", "seeker"], [5, 1, 1.5])[0]
    frames = {"holder": (*_ATTEMPTED, *_HELD, *_TAKEN), "taker": _TAKEN, "seeker": _ATTEMPTED}
    forms = {"holder": _HOLDER, "taker": _TAKER, "seeker": _SEEKER}
    # Attempts are the hardest to read and the rarest to find: half of what is told of holders.
    pool = _ATTEMPTED if asked == "holder" and rng.random() < 0.5 else frames[asked]
    true = scene.tell(rng.choice(pool), rng)
    draft = Draft(
        rng.choice(forms[asked]).format(p=words["p"]),
        "possession",
        home,
        "",
        [(true, scene.context)],
    )
    elsewhere = [
        scene.tell(rng.choice(frames[asked]), rng, p=words[other]) for other in ("like", "far")
    ]
    silent = _QUIET if asked == "seeker" else _UNTOLD
    texts = [*elsewhere, *(scene.tell(frame, rng) for frame in rng.sample(silent, 2))]
    if asked == "taker":
        texts.append(scene.tell(rng.choice(_ATTEMPTED), rng))
    # Four or more: none is mined, for a real report may well tell who holds a real town.
    draft.negatives = [(text, scene.context, "not_held") for text in texts]
    return draft


def _unanswered(scene: _Scene, home: tuple[int, int], rng: random.Random) -> Draft:
    words = scene.words
    if rng.random() < 0.25:
        question, frames = rng.choice(_TAKER), (*_ATTEMPTED, *_UNTOLD)
    else:
        question, frames = rng.choice(_HOLDER), _UNTOLD
    texts = [scene.tell(frame, rng) for frame in rng.sample(frames, 2)]
    texts += [
        scene.tell(rng.choice((*_ATTEMPTED, *_HELD, *_TAKEN)), rng, p=words[other])
        for other in ("like", "far")
    ]
    rng.shuffle(texts)
    negatives = [(text, scene.context, "not_held") for text in texts]
    return Draft(question.format(p=words["p"]), "not_held", home, negatives=negatives)


class _Names:
    """What scenes are made of."""

    def __init__(self, corpus: Corpus) -> None:
        labels = ("GPE", "LOC", "FAC")
        self._places = sorted({name for label in labels for name in corpus.names.get(label, ())})
        self._forces = [*_FORCES, *_ACRONYMS.split("|") * 2]
        self._items = corpus.items
        self.homes = sorted(corpus.items)

    def scene(self, home: tuple[int, int], rng: random.Random) -> _Scene:
        """Two forces and three places, drawn: one asked about, one much like it, one far off."""
        one, other = rng.sample(self._forces, 2)
        near, near_too, far, far_too = rng.sample(self._places, 4)
        place, like = _alike(near, near_too, far, rng)
        words = {
            "a": one,
            "b": other,
            "p": place,
            "like": like,
            "far": _site(far, far_too, rng),
            "q": far_too,
            "year": str(rng.choice(_YEARS)),
            "day": rng.choice(_DAYS),
            "n": str(rng.randint(2, 90)),
        }
        return _Scene(words, self._items[home].context if rng.random() < 0.4 else "")


def _alike(name: str, other: str, third: str, rng: random.Random) -> tuple[str, str]:
    """A place, and another that shares a name with it: a road with one other end, a site beside."""
    kind = rng.random()
    if kind < 0.35:
        road = rng.choice(["road", "highway"])
        like = rng.choice([f"{name}-{third}", f"{third}-{other}"])
        return f"the {name}-{other} {road}", f"the {like} {road}"
    if kind < 0.65:
        return name, third
    site, beside = rng.sample([s for s in _SITES if s not in _BEFORE_NAME], 2)
    return f"the {name} {site}", f"the {name} {beside}"


def _site(name: str, other: str, rng: random.Random) -> str:
    """A place as reports name it: Homs, the town of Homs, the Homs airport, the Homs-Idlib road."""
    if rng.random() < 0.3:
        return name
    site = rng.choice(_SITES)
    if site in {"road", "highway"}:
        return f"the {name}-{other} {site}"
    return f"the {site} of {name}" if site in _BEFORE_NAME else f"the {name} {site}"
