"""Claims that a parsed sentence carries: its clauses told in fewer or other words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from training.news.changes import cut_spans
from training.news.clauses import (
    Clause,
    auxiliary_words,
    clauses,
    trimmed,
)
from training.news.corpus import Item
from training.news.fact import Fact, span_of
from training.news.grammar import Voice, decapitalised, kept, name_of, verb_form
from training.news.tables import HARM_NOUNS, NOUN_SYNONYMS
from training.news.unanswer import turned

# Words without which a sentence says more than it did.
_HEDGES = frozenset(
    """
        allegedly reportedly nearly hardly barely possibly probably likely almost only not never
        apparently perhaps maybe rarely potentially supposedly roughly about around no neither
        nor without few little less
    """.split()
)
_CONDITIONS = frozenset({"if", "unless", "until", "whether", "though", "as"})
_QUANTIFIERS = re.compile(r"\b(?:all|every|each|no|none|only|most|never|not|n't|any|few)\b", re.I)


@dataclass(slots=True)
class Claim:
    """A claim, how it was made, and the clause that it tells."""

    text: str
    kind: str
    clause: Clause | None = None
    needs_before: bool = False  # the sentence before says who "he" is


def claims_of(item: Item, voice: Voice) -> Iterator[Claim]:
    """Every claim that the rules read out of a sentence."""
    doc = item.doc
    for clause in clauses(doc):
        if _frame(clause) in {"other", "denied"}:
            continue
        text = statement(clause, voice)
        if text:
            framed = _frame(clause) == "said"
            resolved = clause.subject.head.pos_ == "PRON"
            yield Claim(text, "frame" if framed else "clause", clause, resolved)
        passive = turned(Fact("", "subject", "", clause=clause), item, with_agent=True)
        if passive:
            yield Claim(passive, "turned", clause)
    shorter = simplified(doc, voice)
    if shorter:
        yield Claim(shorter, "shorter")
    yield from _toll(doc)


def statement(clause: Clause, voice: Voice) -> str:
    """A clause as a sentence of its own."""
    if clause.subject.head.pos_ == "PRON" and not voice.referent:
        return ""
    rest = kept(clause, voice)
    subject = name_of(clause.subject, voice)
    if rest is None or not subject or (clause.negated and _optional(clause)):
        return ""
    return sentence_of(f"{subject} {verb_group(clause, voice)} {rest}")


def sentence_of(words: str) -> str:
    """Words as a sentence, or "" where they are too few or odd.

    >>> sentence_of("the army took Homs on Friday")
    'The army took Homs on Friday.'
    """
    words = re.sub(r"\s+", " ", words).strip(" ,;:-")
    words = re.sub(r"\s+([,.;:])", r"\1", words)
    if not 4 <= len(words.split()) <= 30 or re.search(r"[\"“”:;|()]|\b(\w+) \1\b", words):
        return ""
    if re.search(r"\b(?:the|a|an|of|and|or|to|that|which|is|was)$", words):
        return ""
    return f"{words[0].upper()}{words[1:].rstrip('.')}."


def verb_group(clause: Clause, voice: Voice) -> str:
    """The verb with its auxiliaries, as the sentence has them."""
    auxiliaries = auxiliary_words(clause)
    denial = ["not"] if clause.negated else []
    verb = clause.verb
    if auxiliaries:
        return " ".join([auxiliaries[0], *denial, *auxiliaries[1:], verb_form(verb, voice)])
    return " ".join([verb_form(verb, voice), *denial])


def _optional(clause: Clause) -> bool:
    return any(part.dep in {"prep", "npadvmod", "advcl"} for part in clause.parts)


def _frame(clause: Clause) -> str:
    """What a clause stands in: "" nothing, "said" a plain report, "denied", or "other"."""
    if clause.verb.dep_ != "ccomp":
        return ""
    lemma = clause.verb.head.lemma_.lower()
    if any(child.dep_ == "neg" for child in clause.verb.head.children):
        return "other"
    if lemma in {"deny", "reject", "dismiss", "refute"}:
        return "denied"
    plain = {"say", "state", "announce", "report", "add", "confirm", "note", "stress", "reveal"}
    return "said" if lemma in plain else "other"


def denied_claims(doc: Doc, voice: Voice) -> Iterator[str]:
    """What a sentence says is not so: "denied that ..."; as a claim it has no support."""
    for clause in clauses(doc):
        if _frame(clause) == "denied" and not clause.negated:
            text = statement(clause, voice)
            if text:
                yield text


def simplified(doc: Doc, voice: Voice) -> str:
    """The sentence without an aside or two."""
    if _QUANTIFIERS.search(doc.text) or any(token.dep_ == "neg" for token in doc):
        return ""
    spans = [span_of(tokens) for tokens in map(_droppable, doc) if tokens]
    root = next((token for token in doc if token.dep_ == "ROOT"), doc[0])
    spans = [(start, end) for start, end in spans if not start <= root.idx < end]
    if not spans:
        return ""
    chosen: list[tuple[int, int]] = []
    for span in voice.rng.sample(spans, len(spans)):
        apart = all(span[1] <= start or span[0] >= end for start, end in chosen)
        if apart and len(chosen) < 2:
            chosen.append(span)
    text = cut_spans(doc.text, chosen)
    return text if len(text.split()) >= 6 and not re.search(r"[\"“”]|[^.]$", text) else ""


def _droppable(token: Token) -> list[Token]:
    whole = sorted(token.subtree, key=lambda t: t.i)
    words = {t.lower_ for t in whole}
    if words & _HEDGES or len(whole) > 18:
        return []
    if token.dep_ == "advcl" and not words & _CONDITIONS:
        return whole
    if token.dep_ in {"relcl", "appos"} and token.head.i < whole[0].i:
        return whole
    if (
        token.dep_ == "advmod"
        and token.lower_.endswith("ly")
        and token.head.pos_ in {"VERB", "AUX"}
    ):
        return whole
    if token.dep_ in {"prep", "npadvmod"} and token.head.pos_ == "VERB":
        dated = any(t.ent_type_ in {"DATE", "TIME", "GPE"} for t in whole)
        return whole if dated else []
    return []


def _toll(doc: Doc) -> Iterator[Claim]:
    """Of "killing 12 people": 12 people were killed."""
    done = {"kill": "killed", "wound": "wounded", "injure": "injured", "destroy": "destroyed"}
    for token in doc:
        lemma = token.lemma_.lower()
        harmful = token.tag_ == "VBG" and token.dep_ == "advcl"
        if lemma not in done or not harmful or any(c.dep_ == "neg" for c in token.head.children):
            continue
        thing = next((child for child in token.children if child.dep_ == "dobj"), None)
        if thing is None or thing.pos_ not in {"NOUN", "PROPN"}:
            continue
        words = decapitalised(trimmed(thing) or [thing])
        many = thing.tag_ == "NNS" or thing.lower_ == "people"
        cause = next((c for c in token.head.children if c.dep_ == "nsubj"), None)
        tail = ""
        if cause is not None and cause.lemma_.lower() in HARM_NOUNS:
            tail = f" in {decapitalised([t for t in cause.subtree if t.i <= cause.i])}"
        text = sentence_of(f"{words} {'were' if many else 'was'} {done[lemma]}{tail}")
        if text:
            yield Claim(text, "toll")


def reworded(text: str, voice: Voice) -> str:
    """A noun in other words, or a small number in figures."""
    for noun, other in NOUN_SYNONYMS.items():
        if re.search(rf"\b{noun}\b", text) and voice.chance(0.4):
            return re.sub(rf"\b{noun}\b", other, text, count=1)
    ones = """
        two three four five six seven eight nine ten eleven twelve
    """.split()
    for value, word in enumerate(ones, 2):
        if re.search(rf" {word} ", text) and voice.chance(0.5):
            return text.replace(f" {word} ", f" {value} ", 1)
    return text
