"""Questions that a parsed sentence answers, one for each thing that it tells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc, Token

from training.news.clauses import Clause, Part, clauses, past_of, render, trimmed
from training.news.counts import count_questions
from training.news.fact import Fact, ask, span_of, whole
from training.news.grammar import (
    Voice,
    decapitalised,
    finished,
    finite,
    inverted,
    kept,
    name_of,
    question_word,
)
from training.news.tables import KIND_NOUNS, SAYING

_PLACES = frozenset({"GPE", "LOC", "FAC"})
_ON_PLACES = frozenset(
    """
        seize capture take retake recapture enter leave visit hit strike attack bomb shell
        target control hold liberate reach storm encircle besiege
    """.split()
)
_AT = frozenset(["in", "at", "near", "outside", "inside", "around", "on"])
_DURATION = re.compile(r"\b(?:minutes|hours?|days|weeks|months|years|decades)\b")
_POINT = re.compile(r"\b(?:ago|last|this|next|later|earlier|past|since|old|each|every)\b")
# Objects that make one meaning with their verb: what does one take, who takes place?
_IDIOMS = frozenset(
    "place part attention hostage note care account advantage effect shape turns chaos sense way "
    "responsibility steps measures".split()
)
_NO_DAY = ("until", "by", "from", "between", "over", "within", "with", "for", "despite")


def facts(doc: Doc, voice: Voice) -> Iterator[Fact]:
    """Every question that the rules find in a sentence; those that read badly are left out."""
    for clause in clauses(doc):
        if clause.subject.head.pos_ == "PRON" and not voice.referent:
            continue
        told = any(part.dep == "ccomp" for part in clause.after)
        if told and clause.verb.lemma_.lower() in {"tell", "inform"}:
            continue
        if told and clause.verb.lemma_.lower() in SAYING:
            yield from _said(clause, voice)
            continue
        made = [
            *_subject(clause, voice),
            *_object(clause, voice),
            *count_questions(clause, voice),
            *_when(clause, voice),
            *_where(clause, voice),
            *_why(clause, voice),
            *_yes_no(clause, voice),
        ]
        speaker = _speaker(clause)
        for fact in made:
            if speaker and voice.chance(0.25):
                fact.question = according_to(speaker, fact.question)
            yield fact


def according_to(speaker: str, question: str) -> str:
    """Put a question to a source.

    >>> according_to("the WHO", "Who attacked the town?")
    'According to the WHO, who attacked the town?'
    """
    return f"According to {speaker}, {question[0].lower()}{question[1:]}"


def _speaker(clause: Clause) -> str:
    head = clause.verb.head
    if clause.verb.dep_ != "ccomp" or head.lemma_.lower() not in SAYING:
        return ""
    subject = next((child for child in head.children if child.dep_ == "nsubj"), None)
    if subject is None or subject.pos_ == "PRON":
        return ""
    words = trimmed(subject, 8)
    return decapitalised(words) if words else ""


def _subject(clause: Clause, voice: Voice) -> Iterator[Fact]:
    if clause.subject.head.pos_ == "PRON":
        word, plural = "Who", False
    else:
        word, plural = question_word(clause.subject, voice)
    rest = kept(clause, voice)
    if clause.passive and word.startswith("Who") and clause.subject.head.ent_type_ == "GPE":
        word = "Which place"
    if not word or not rest or clause.subject.tokens[0].tag_ == "PRP$":
        return
    verb = finite(clause, plural, voice)
    question = finished(f"{word} {verb} {rest}", has_subject=False) if verb else None
    if question:
        answer = clause.subject.text
        yield Fact(
            question,
            "subject",
            voice.referent if answer in {"He", "She"} else answer,
            clause=clause,
        )


def _object(clause: Clause, voice: Voice) -> Iterator[Fact]:
    for part in clause.after:
        if part.dep == "dobj" and part.head.lower_ in _IDIOMS:
            continue
        if part.dep == "dobj" and part.tokens and part.tokens[0].tag_ != "PRP$":
            word, _ = question_word(part, voice)
            word = {"Who": "Whom" if voice.chance(0.2) else "Who"}.get(word, word)
            if part.head.ent_type_ in {"GPE", "LOC", "FAC"}:
                taken = clause.verb.lemma_.lower() in _ON_PLACES
                word = voice.rng.choice(["What", "Which place"] if taken else ["What", "Who"])
            question = ask(clause, voice, word, (part,)) if word else None
            if question:
                yield Fact(question, "object", part.text, clause=clause)
        elif part.dep == "agent" and clause.passive:
            yield from _agent(clause, part, voice)
        elif part.dep == "attr" and part.tokens and clause.subject.head.pos_ == "PROPN":
            person = clause.subject.head.ent_type_ == "PERSON"
            question = ask(clause, voice, "Who" if person else "What", (part,))
            if question:
                yield Fact(question, "what_is", part.text, clause=clause)
        elif part.dep == "prep" and part.head.lower_ in {"with", "for", "against", "of", "about"}:
            yield from _stranded(clause, part, voice)


def _agent(clause: Clause, part: Part, voice: Voice) -> Iterator[Fact]:
    head = next((c for c in part.head.children if c.dep_ == "pobj"), None)
    words = trimmed(head) if head is not None else []
    patient = name_of(clause.subject, voice)
    auxiliaries = [aux.lower_ for aux in clause.auxiliaries]
    if head is None or not words or not patient or auxiliaries not in (["was"], ["were"]):
        return
    if clause.negated:
        return
    word, _ = question_word(Part("pobj", head, words), voice)
    rest = kept(clause, voice, (part,))
    if word and rest is not None:
        verb = past_of(clause.verb.lower_)
        question = finished(f"{word} {verb} {patient} {rest}", has_subject=False)
        if question:
            cut = [span_of(whole(part.head))]
            yield Fact(question, "agent", render(words), cut, clause)


def _stranded(clause: Clause, part: Part, voice: Voice) -> Iterator[Fact]:
    head = next((c for c in part.head.children if c.dep_ == "pobj"), None)
    objects = any(p.dep in {"dobj", "attr", "acomp", "xcomp", "ccomp"} for p in clause.after)
    if head is None or objects or clause.after[0] is not part:
        return
    words = trimmed(head)
    word, _ = question_word(Part("pobj", head, words), voice) if words else ("", False)
    if word not in {"Who", "What", "Which company", "Which team", "Which country"}:
        return
    turned, rest = inverted(clause, voice), kept(clause, voice, (part,))
    subject = name_of(clause.subject, voice)
    if turned is None or rest is None or not subject:
        return
    question = finished(f"{word} {turned[0]} {subject} {turned[1]} {part.head.lower_} {rest}", True)
    if question:
        yield Fact(question, "object", render(words), clause=clause)


def _when(clause: Clause, voice: Voice) -> Iterator[Fact]:
    for part in clause.parts:
        day = part.head
        if part.dep == "prep":
            day = next((c for c in part.head.children if c.dep_ == "pobj"), part.head)
        elif part.dep != "npadvmod":
            continue
        if day.ent_type_ not in {"DATE", "TIME"} or not part.tokens:
            continue
        bare = not any(other.dep in {"dobj", "ccomp"} for other in clause.after)
        if bare and clause.verb.lemma_.lower() in SAYING:
            continue
        word = _when_word(part.text, day, voice)
        question = ask(clause, voice, word, (part,)) if word else None
        if question and not re.search(r"\b(?:days?|weeks?|hours?|months?|years?)\b", question):
            yield Fact(
                question,
                "how_long" if "long" in word else "when",
                part.text,
                [span_of(whole(part.head))],
                clause,
            )


def _when_word(words: str, day: Token, voice: Voice) -> str:
    lowered = words.lower()
    if lowered.startswith("since"):
        return "Since when"
    if _DURATION.search(lowered) and not _POINT.search(lowered):
        return "How long" if lowered.startswith("for ") or day.dep_ == "npadvmod" else ""
    if lowered.startswith(_NO_DAY):
        return ""
    if re.search(r"\b[12]\d{3}\b", lowered) and voice.chance(0.3):
        return "In what year"
    if re.search(r"[a-z]{3,6}day\b", lowered) and lowered.count(" ") < 3 and voice.chance(0.25):
        return voice.rng.choice(["On what day", "On which day"])
    return "When"


def _where(clause: Clause, voice: Voice) -> Iterator[Fact]:
    for part in clause.parts:
        if part.dep != "prep" or part.head.lower_ not in _AT or not part.tokens:
            continue
        place = next((c for c in part.head.children if c.dep_ == "pobj"), None)
        if place is None or not any(t.ent_type_ in _PLACES for t in part.tokens):
            continue
        word = "Where"
        if place.pos_ == "NOUN" and place.lemma_.lower() in KIND_NOUNS and voice.chance(0.5):
            word = f"In which {place.lower_}"
        if part.head.lower_ == "on" and place.ent_type_ not in _PLACES:
            continue
        question = ask(clause, voice, word, (part,))
        if question:
            yield Fact(question, "where", part.text, [span_of(whole(part.head))], clause)


def _why(clause: Clause, voice: Voice) -> Iterator[Fact]:
    for part in clause.after:
        tokens = whole(part.head)
        if not _is_reason(part, tokens):
            continue
        question = ask(clause, voice, "Why", (part,))
        if question:
            yield Fact(question, "why", render(tokens), [span_of(tokens)], clause)


def _is_reason(part: Part, tokens: list[Token]) -> bool:
    words = [token.lower_ for token in tokens]
    if part.dep == "advcl":
        purpose = words[0] == "to" and part.head.tag_ == "VB" and len(words) > 3
        return purpose or words[:2] == ["in", "order"] or words[0] == "because"
    if part.dep != "prep":
        return False
    if words[0] == "because" or words[:2] in (["due", "to"], ["in", "response"]):
        return True
    accused = {"criticise", "criticize", "arrest", "charge", "sue", "condemn", "fine", "blame"}
    verb = part.head.head.lemma_.lower()
    return words[0] == "for" and verb in accused and len(words) > 2


def _yes_no(clause: Clause, voice: Voice) -> Iterator[Fact]:
    if clause.negated:
        clause_negated, clause.negated = True, False
        question = ask(clause, voice, "", ())
        clause.negated = clause_negated
        if question:
            yield Fact(question, "denial", "no", clause=clause)
        return
    question = ask(clause, voice, "", ())
    if question:
        yield Fact(question, "yes_no", "yes", clause=clause)


def _said(clause: Clause, voice: Voice) -> Iterator[Fact]:
    said = next(part for part in clause.after if part.dep == "ccomp")
    subject = name_of(clause.subject, voice)
    told = [t for t in said.tokens if not (t.dep_ == "mark" and t.head == said.head)]
    has_subject = any(c.dep_ in {"nsubj", "nsubjpass"} for c in said.head.children)
    finite_told = said.head.tag_ in {"VBD", "VBZ", "VBP"} or any(
        c.dep_ in {"aux", "auxpass"} and c.tag_ in {"VBD", "VBZ", "VBP", "MD"}
        for c in said.head.children
    )
    if clause.negated or not told or not has_subject or not finite_told:
        return
    word, plural = question_word(clause.subject, voice)
    if word.startswith("Who") or "company" in word:
        verb = finite(clause, plural, voice)
        question = finished(f"{word} {verb} that {decapitalised(told)}", True) if verb else None
        if question:
            yield Fact(question, "who_said", clause.subject.text, clause=clause)
    about = [
        ent
        for ent in clause.verb.doc.ents
        if ent.label_ in {"PERSON", "ORG", "GPE", "PRODUCT", "EVENT"}
        and any(t.i in {x.i for x in told} for t in ent)
        and ent.text not in subject
    ]
    turned = inverted(clause, voice)
    if about and turned and subject:
        theme = voice.rng.choice(about).text
        verb = turned[1].split()[0] if turned[1] else "say"
        question = finished(f"What {turned[0]} {subject} {verb} about {theme}", True)
        if question and verb in {"say", "state", "claim", "announce", "reveal", "add", "warn"}:
            verb = "say" if verb in {"claim", "add", "state"} else verb
            yield Fact(question, "what_said", render(told), clause=clause)
