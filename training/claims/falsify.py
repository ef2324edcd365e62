"""Claims that look like what a quote says and are not carried by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace as with_fields

from training.claims.state import Claim, sentence_of, verb_group
from training.news.changes import has, other_name, replace
from training.news.clauses import Clause, clauses
from training.news.corpus import Corpus, Item, clean_name
from training.news.fact import Fact
from training.news.grammar import Voice, decapitalised, kept, name_of
from training.news.unanswer import false_condition, swaps
from training.news.verbs import FORMS

_QUANTITIES = (
    ("some", "all"),
    ("many", "all"),
    ("most", "all"),
    ("several", "most"),
    ("at least", "at most"),
    ("more than", "fewer than"),
    ("less than", "more than"),
    ("nearly", "well over"),
    ("part of", "all of"),
    ("parts of", "all of"),
    ("partly", "fully"),
    ("sometimes", "always"),
    ("one of the", "the only one of the"),
)
_LATER = frozenset(
    """
    plan hope want intend threaten expect try attempt aim seek prepare vow
""".split()
)
_HEDGING = frozenset({"may", "might", "could", "would", "should", "can"})


def falsified(
    claim: Claim, item: Item, quote: str, corpus: Corpus, voice: Voice
) -> Iterator[Claim]:
    """Every false twin of a claim on a quote."""
    fact = Fact(claim.text, "claim", "")
    wide = with_fields(item, text=quote)
    for old, new, kind in swaps(fact, wide, corpus, voice):
        yield Claim(replace(claim.text, old, new), kind)
    denied = negated(claim, voice)
    if denied:
        yield Claim(denied, "negation")
    crossed = exchanged(claim.text, item)
    if crossed:
        yield Claim(crossed, "exchange")
    turned = _sides_turned(claim, voice)
    if turned:
        yield Claim(turned, "sides")
    for old, new in _QUANTITIES:
        if re.search(rf"\b{old}\b", claim.text) and not has(quote, new):
            yield Claim(re.sub(rf"\b{old}\b", new, claim.text, count=1), "quantity")
            break
    added = false_condition(fact, item, corpus, voice)
    if added and claim.text.endswith("."):
        yield Claim(f"{claim.text[:-1]} {added}.", "condition")


def negated(claim: Claim, voice: Voice) -> str:
    """The claim's denial; of a denial, the plain claim."""
    clause = claim.clause
    if clause is None or claim.kind == "turned":
        return (
            re.sub(r"\b(was|were|has|have|will|is|are)\b", r"\1 not", claim.text, count=1)
            if (claim.kind in {"turned", "toll"})
            else ""
        )
    subject, rest = name_of(clause.subject, voice), kept(clause, voice)
    if rest is None or not subject:
        return ""
    verb = clause.verb
    if clause.negated:
        if clause.auxiliaries and clause.auxiliaries[0].lemma_ == "do":
            base = verb.lemma_.lower()
            past = clause.auxiliaries[0].tag_ == "VBD"
            return sentence_of(f"{subject} {past_tense(base) if past else base} {rest}")
        return sentence_of(f"{subject} {verb_group(clause, voice).replace(' not', '', 1)} {rest}")
    if clause.auxiliaries or verb.lemma_ == "be":
        first, _, others = verb_group(clause, voice).partition(" ")
        return sentence_of(
            f"{subject} {first} {voice.rng.choice(['not', 'never'])} {others} {rest}"
        )
    helper = {"VBD": "did", "VBZ": "does", "VBP": "do"}.get(verb.tag_)
    return sentence_of(f"{subject} {helper} not {verb.lemma_.lower()} {rest}") if helper else ""


def exchanged(text: str, item: Item) -> str:
    """Two numbers, or two names of one kind, that stand in the claim, in each other's place."""
    by_label: dict[str, list[str]] = {}
    for ent in item.doc.ents:
        name = ent.text if ent.label_ in {"CARDINAL", "MONEY", "PERCENT"} else clean_name(ent.text)
        if name and text.count(name) == 1 and has(text, name):
            by_label.setdefault(ent.label_, []).append(name)
    for label in ("CARDINAL", "MONEY", "PERCENT", "PERSON", "ORG", "NORP"):
        names = list(dict.fromkeys(by_label.get(label, [])))
        if len(names) < 2 or names[0] in names[1] or names[1] in names[0]:
            continue
        one, other = names[:2]
        between = text[text.find(one) + len(one) : text.find(other)]
        if re.fullmatch(r",?\s*(?:and|or|,)\s*(?:the )?", between):
            continue  # "A and B": the order says nothing
        return text.replace(one, "\0").replace(other, one).replace("\0", other)
    return ""


def _sides_turned(claim: Claim, voice: Voice) -> str:
    """Who did it and whom it was done to, in each other's place."""
    clause = claim.clause
    if clause is None or clause.negated or clause.subject.head.pos_ == "PRON":
        return ""
    if clause.passive:
        agent = next((p for p in clause.after if p.dep == "agent" and p.tokens), None)
        if agent is None or len(agent.tokens) < 2:
            return ""
        doer, rest = decapitalised(agent.tokens[1:]), kept(clause, voice, (agent,))
        done_to = name_of(clause.subject, voice)
        group = verb_group(clause, voice)
        return sentence_of(
            f"{doer} {_agree(group, agent.tokens[-1].tag_)} by {done_to} {rest or ''}"
        )
    patient = next((p for p in clause.after if p.dep == "dobj" and p.tokens), None)
    if (
        patient is None
        or not _acts(patient.head.ent_type_)
        or not _acts(clause.subject.head.ent_type_)
    ):
        return ""
    rest = kept(clause, voice, (patient,))
    subject = name_of(clause.subject, voice)
    return sentence_of(f"{patient.text} {verb_group(clause, voice)} {subject} {rest or ''}")


def _acts(label: str) -> bool:
    return label in {"PERSON", "ORG", "GPE", "NORP"}


def _agree(group: str, tag: str) -> str:
    if tag in {"NNS", "NNPS"}:
        return re.sub(r"^was\b", "were", re.sub(r"^is\b", "are", group))
    return re.sub(r"^were\b", "was", re.sub(r"^are\b", "is", group))


def unhedged(item: Item, voice: Voice) -> Iterator[str]:
    """What a sentence holds possible or planned, told as done."""
    for clause in clauses(item.doc):
        if clause.negated or clause.passive:
            continue
        text = _without_modal(clause, voice) or _without_plan(clause, voice)
        if text:
            yield text


def _without_modal(clause: Clause, voice: Voice) -> str:
    auxiliaries = [aux.lower_ for aux in clause.auxiliaries]
    if len(auxiliaries) != 1 or auxiliaries[0] not in _HEDGING:
        return ""
    rest, subject = kept(clause, voice), name_of(clause.subject, voice)
    if rest is None or not subject or clause.verb.tag_ != "VB":
        return ""
    lemma = clause.verb.lemma_.lower()
    if lemma == "be":
        return sentence_of(f"{subject} {'were' if clause.plural else 'was'} {rest}")
    return sentence_of(f"{subject} {past_tense(lemma)} {rest}")


def _without_plan(clause: Clause, voice: Voice) -> str:
    if clause.verb.lemma_.lower() not in _LATER:
        return ""
    plan = next((p for p in clause.after if p.dep == "xcomp" and p.tokens), None)
    if plan is None or plan.head.tag_ != "VB" or plan.tokens[0].lower_ != "to":
        return ""
    if plan.tokens[1].i != plan.head.i or plan.head.lemma_ == "be":
        return ""
    rest = " ".join(t.text for t in plan.tokens[2:])
    subject = name_of(clause.subject, voice)
    rest = re.sub(r" (?=['’]s\b|[,.])| (?=-)|(?<=-) ", "", rest)
    return (
        sentence_of(f"{subject} {past_tense(plan.head.lemma_.lower())} {rest}") if subject else ""
    )


def past_tense(verb: str) -> str:
    """The past tense of a base form.

    >>> [past_tense(verb) for verb in ("take", "carry", "move", "join", "stop", "play")]
    ['took', 'carried', 'moved', 'joined', 'stopped', 'played']
    """
    if verb in FORMS:
        return FORMS[verb][2]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ied"
    if re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", verb):
        return verb + verb[-1] + "ed"
    return verb + "ed"


def renamed(
    claim: Claim, item: Item, quote: tuple[str, str], corpus: Corpus, voice: Voice
) -> tuple[str, tuple[str, str]] | None:
    """Claim and quote, with its context, in which one name was changed throughout."""
    for ent in item.doc.ents:
        name = clean_name(ent.text)
        if not name or not has(claim.text, name) or ent.label_ not in {"PERSON", "GPE", "ORG"}:
            continue
        near = corpus.names_of[item.article].get(ent.label_, [])
        far = corpus.names.get(ent.label_, [])
        new = other_name(name, near, far, f"{quote[0]} {item.context}", voice.rng)
        if new:
            texts = (replace(quote[0], name, new), replace(quote[1], name, new))
            return replace(claim.text, name, new), texts
    return None
