"""The pieces of a question: its verb group, its subject, what it keeps, its question word."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from spacy.tokens import Token

from training.news.clauses import Clause, Part, auxiliary_words, render, third_person
from training.news.tables import (
    COUNTRIES,
    KIND_NOUNS,
    PERSON_NOUNS,
    PERSONS_ALONE,
)
from training.news.verbs import FORMS, VERB_SYNONYMS

_CORE = frozenset({"dobj", "attr", "acomp", "oprd", "prt", "xcomp", "dative", "agent", "ccomp"})
_SINGULAR = {"are": "is", "were": "was", "have": "has", "do": "does"}
_DO = {"VBD": "did", "VBZ": "does", "VBP": "do"}
_FORM_OF_TAG = {"VB": 0, "VBP": 0, "VBZ": 1, "VBD": 2, "VBN": 3, "VBG": 4}
_VAGUE_HEADS = frozenset(
    """
        one some many others other more most all both each several any none something nothing
        anything everyone everything lot number which what who that this these those there such
        few half much another
    """.split()
)


@dataclass(slots=True)
class Voice:
    """How a question is put: chance, what stands for a pronoun, what kind of article it is."""

    rng: random.Random
    referent: str = ""
    category: str = ""

    def chance(self, share: float) -> bool:
        """Whether to do what is done in this share of cases."""
        return self.rng.random() < share


def verb_form(token: Token, voice: Voice, tag: str = "") -> str:
    """The verb, or now and then a synonym of it, in its own form or that of `tag`."""
    lemma, tag = token.lemma_.lower(), tag or token.tag_
    synonyms = VERB_SYNONYMS.get(lemma, ())
    has_particle = any(child.dep_ == "prt" for child in token.children)
    if lemma == "launch":
        things = {child.lemma_.lower() for child in token.children if child.dep_ == "dobj"}
        synonyms = (
            synonyms if things & {"offensive", "operation", "campaign", "investigation"} else ()
        )
    if synonyms and not has_particle and voice.chance(0.3):
        return FORMS[voice.rng.choice(synonyms)][_FORM_OF_TAG.get(tag, 0)]
    if tag == "VB":
        return lemma
    return token.lower_


def finite(clause: Clause, plural: bool, voice: Voice) -> str:
    """The verb group after a question word that is the subject: "was not killed"."""
    auxiliaries = auxiliary_words(clause)
    verb = clause.verb
    denial = ["not"] if clause.negated else []
    if auxiliaries:
        first = auxiliaries[0] if plural else _SINGULAR.get(auxiliaries[0], auxiliaries[0])
        return " ".join([first, *denial, *auxiliaries[1:], verb_form(verb, voice)])
    if verb.lemma_ == "be":
        first = verb.lower_ if plural else _SINGULAR.get(verb.lower_, verb.lower_)
        return " ".join([first, *denial])
    if clause.negated:
        return ""
    if verb.tag_ == "VBP" and not plural:
        return third_person(verb.lemma_.lower())
    if verb.tag_ == "VBZ" and plural:
        return verb.lemma_.lower()
    return verb_form(verb, voice)


def inverted(clause: Clause, voice: Voice) -> tuple[str, str] | None:
    """What stands before the subject and what after it: ("did", "not seize")."""
    auxiliaries = auxiliary_words(clause)
    verb = clause.verb
    denial = ["not"] if clause.negated else []
    if auxiliaries:
        return auxiliaries[0], " ".join([*denial, *auxiliaries[1:], verb_form(verb, voice)])
    if verb.lemma_ == "be":
        return verb.lower_, " ".join(denial)
    if verb.tag_ not in _DO or not verb.lemma_.isalpha() or clause.negated:
        return None
    front = "do" if verb.tag_ == "VBP" and clause.plural else _DO[verb.tag_]
    return ("does" if front == "do" and not clause.plural else front), verb_form(verb, voice, "VB")


def kept(clause: Clause, voice: Voice, without: tuple[Part, ...] = ()) -> str | None:
    """The parts of a clause that a question keeps; `None` where one that it needs is too long."""
    words: list[str] = []
    skipped = {part.head.i for part in without}
    objects = any(part.dep in _CORE - {"prt", "agent"} for part in clause.after)
    first_prep = next((part for part in clause.after if part.dep == "prep"), None)
    for part in clause.parts:
        if part.head.i in skipped:
            continue
        needed = part is first_prep and not objects and part.head.i not in skipped
        if part.dep in _CORE and part in clause.after:
            if not part.tokens or (part.dep == "ccomp" and part.head.tag_ == "VBG"):
                return None
            words.append(part.text)
        elif part.dep == "advmod" and part.head.i == clause.verb.i + 1:
            words += [] if objects else [part.text]
        elif needed and part.tokens and _odd_prep(part):
            return None
        elif _may_stay(part, clause) and ((needed and not clause.passive) or voice.chance(0.55)):
            words.append(decapitalised(part.tokens))
    return " ".join(words)


def _may_stay(part: Part, clause: Clause) -> bool:
    if not part.tokens or part.dep not in {"prep", "npadvmod"} or _odd_prep(part):
        return False
    if part.dep == "npadvmod" and part.head.ent_type_ not in {"DATE", "TIME"}:
        return False
    return part in clause.after or any(token.ent_type_ for token in part.tokens)


def _odd_prep(part: Part) -> bool:
    return part.dep == "prep" and (
        part.head.lower_ in {"including", "like", "such", "than", "because", "despite", "according"}
        or not any(child.dep_ == "pobj" for child in part.head.children)
    )


def name_of(part: Part, voice: Voice) -> str:
    """The subject's words inside a question; a pronoun is written out ("" where it cannot be)."""
    if part.head.pos_ == "PRON":
        return voice.referent
    return decapitalised(part.tokens)


def decapitalised(tokens: list[Token]) -> str:
    """The words of tokens, the sentence's own capital taken back."""
    text = render(tokens)
    first = tokens[0]
    starts = first.i == 0 or first.is_sent_start or first.lower_ in _NEVER_NAMES
    named = first.pos_ == "PROPN" or first.ent_type_ not in {
        "",
        "CARDINAL",
        "DATE",
        "TIME",
        "QUANTITY",
    }
    if first.lower_ in _NEVER_NAMES or first.lemma_.lower() in PERSON_NOUNS:
        named = False
    if starts and not named and not (len(first.text) > 1 and first.text.isupper()):
        return text[0].lower() + text[1:]
    return text


_NEVER_NAMES = frozenset(
    """
        the a an at more over less about some many all both several two three four five six
        seven eight nine ten in on after before during since with around nearly almost up dozens
        hundreds thousands as under for from
    """.split()
)


def question_word(part: Part, voice: Voice) -> tuple[str, bool]:
    """What asks for a noun phrase, and whether it is plural; ("", False) where nothing does."""
    head, label = part.head, part.head.ent_type_
    if head.lower_ in _VAGUE_HEADS or head.pos_ not in {"NOUN", "PROPN"}:
        return "", False
    if label == "PERSON":
        return "Who", False
    if head.pos_ == "PROPN" and label in {"ORG", "NORP", "GPE", "PRODUCT", "LOC", "FAC"}:
        return _name_word(head, label, voice), False
    if head.pos_ == "PROPN" or label in {"DATE", "TIME", "MONEY", "PERCENT", "CARDINAL"}:
        known = voice.category == "sports"
        return ("Who" if known else "What", False) if not label else ("", False)
    return _noun_word(part, voice)


def _name_word(head: Token, label: str, voice: Voice) -> str:
    if label == "GPE":
        country = head.lower_ in COUNTRIES
        return voice.rng.choice(["Which country", "Who"]) if country else "Who"
    if label == "ORG" and voice.chance(0.6):
        kinds = {"technology": "company", "business": "company", "sports": "team"}
        if voice.category in kinds:
            return f"{voice.rng.choice(['Which', 'What'])} {kinds[voice.category]}"
    if label in {"LOC", "FAC"}:
        return "Which place"
    return "What" if label == "PRODUCT" else "Who"


def _noun_word(part: Part, voice: Voice) -> tuple[str, bool]:
    head = part.head
    lemma, plural = head.lemma_.lower(), head.tag_ == "NNS"
    numbered = any(child.dep_ == "nummod" for child in head.children)
    modified = any(child.dep_ in {"amod", "compound", "poss", "nmod"} for child in head.children)
    if lemma in PERSON_NOUNS and (lemma in PERSONS_ALONE and not (modified and voice.chance(0.35))):
        return ("", False) if numbered else ("Who", False)
    if modified and not numbered and lemma in KIND_NOUNS and voice.chance(0.6):
        return f"{voice.rng.choice(['Which', 'What'])} {head.lower_}", plural
    if lemma in PERSON_NOUNS:
        return ("Who", False) if lemma != "company" else ("Which company", False)
    return "What", False


_PRONOUN = re.compile(
    r"\b(?:i|we|you|my|our|your|he|she|it|they|him|them|himself|herself|itself|themselves|this|"
    r"these|those|there|here|me|us|one|others|another|latter|who he|such)\b"
)
_POSSESSIVE = re.compile(r"\b(?:his|her|its|their)\b")
_BROKEN = re.compile(
    r"[\"“”;:|]|\bthe (?:in|on|of|and|to)\b|\b(\w+) \1\b|\b(?:is|was|did|does) (?:and|or|of)\b|"
    r"\b(?:and|or|but|of|the|a|an|to|than|that|which|including)\?$|\bsaid (?:said|the)\?|^\w+\?$|\("
)
_FILLER = frozenset(
    """
        who what which when where why how did does do is was were are has have had the a an of
        in on to by for from with that many much be been will would could may to at as and say
        said or not it s company country team place group people have make get be take
    """.split()
)


def finished(question: str, has_subject: bool) -> str | None:
    """The question with its mark, or `None` where it does not read well or asks for nothing."""
    question = re.sub(r"\s+", " ", question).strip(" ,.-")
    question = re.sub(r"\s+([,.;:])", r"\1", question)
    words = re.findall(r"[\w'’-]+", question)
    if not 4 <= len(words) <= 28:
        return None
    if re.search(r"\bUS\b", question) is None and _PRONOUN.search(question.lower()):
        return None
    if _POSSESSIVE.search(question.lower()) and not has_subject:
        return None
    content = {word.lower() for word in words} - _FILLER
    named = any(word[0].isupper() for word in words[1:])
    if len(content) < (2 if named else 4):
        return None
    question = f"{question[0].upper()}{question[1:]}?"
    return None if _BROKEN.search(question) else question
