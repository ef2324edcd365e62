"""What is checked of one answer: a case and the answer's dictionary in, plain values out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from assistant.evaluation.citing import (
    Entails,
    citation_precision,
    citation_recall,
    words_stand_in,
)
from assistant.evaluation.matching import is_yes_no, normalise, says_normalised, squash
from assistant.evaluation.sides import shows_a_false_one, shows_every_side
from assistant.evaluation.squad import squad_scores
from assistant.types import EvalCase

DEPTH = 10
"""How many of the ranked passages count."""

_MARKERS = re.compile(r"\[\d+(?:, *\d+)*\]")

Verdict = Literal["right", "wrong", "abstained", "answered", "unjudged", "failed"]
"""right; wrong: answered without the expected words; abstained: though the library holds the
answer; answered: though it does not; unjudged: a yes/no or no expected words; failed: an error."""

Opinion = Literal["yes", "no", "unreadable"]
"""What a model as judge made of an answer; unreadable: its reply was neither, or none came."""


@dataclass(frozen=True, slots=True)
class Checks:
    """The checks of one case; None (or an empty tuple) where a check does not apply.

    Attributes:
        verdict: how the case ended.
        right: the whole judgement: answered with every part, or abstained as it should.
        abstained: None where the case failed.
        confidence: the answer's, 0..1; None where the case failed.
        yes_no: whether the expected answer is a yes or a no.
        parts: for each expected part, whether the answer's text says it.
        parts_in_body: the same over the statements' bodies, without their frames.
        yes_no_match: whether the text has the expected yes or no in it as a word.
        gold_ranks: for each gold group, the rank (from 1, at most `DEPTH`) of the first
            passage that holds one of its quotes; None where there is none.
        article_ranks: for each set of gold articles, the rank of its first passage.
        quoted: for each gold group, whether a citation quotes it.
        verbatim: for each citation, whether the article has its words at its offsets.
        cited: for each statement, whether it has markers and each has its citation.
        reported_on: whether a statement has the expected date.
        status: whether a statement has the expected status.
        statements, quoted_words, dropped, tokens_in, tokens_out: counts; None where failed.
        exact: whether the words that answer are the expected ones (SQuAD).
        f1: how far they are, 0..1 (SQuAD).
        supported: for each statement, whether its citations carry it (ALCE's recall).
        needed: for each citation of each statement, whether it is needed (ALCE's precision).
        disagreement_complete: whether one shown disagreement holds every expected side.
        disagreement_false: whether one is shown though there is none.
        judged: what the model as judge said; None where it was not asked.
        judge_tokens_in, judge_tokens_out: the judge's own; None where nobody counted them.
        cost: what the answer cost; None where no prices were given.
        judge_cost: what the judge's reply cost, which is not in `cost`; None as there.
    """

    verdict: Verdict
    right: bool | None
    abstained: bool | None = None
    confidence: float | None = None
    yes_no: bool = False
    parts: tuple[bool, ...] = ()
    parts_in_body: tuple[bool, ...] = ()
    yes_no_match: bool | None = None
    gold_ranks: tuple[int | None, ...] = ()
    article_ranks: tuple[int | None, ...] = ()
    quoted: tuple[bool, ...] = ()
    verbatim: tuple[bool, ...] = ()
    cited: tuple[bool, ...] = ()
    reported_on: bool | None = None
    status: bool | None = None
    statements: int | None = None
    quoted_words: int | None = None
    dropped: int | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    exact: bool | None = None
    f1: float | None = None
    supported: tuple[bool, ...] = ()
    needed: tuple[bool, ...] = ()
    disagreement_complete: bool | None = None
    disagreement_false: bool | None = None
    judged: Opinion | None = None
    cost: float | None = None
    judge_tokens_in: int | None = None
    judge_tokens_out: int | None = None
    judge_cost: float | None = None

    @property
    def answered(self) -> bool:
        """Whether the case came back with an answer."""
        return self.abstained is False

    def to_dict(self) -> dict[str, Any]:
        """The checks as JSON-ready values."""
        return asdict(self)


def check_failed(case: EvalCase) -> Checks:
    """The checks of a case that raised an error: nothing found, nothing matched."""
    yes_no = is_yes_no(case.answers)
    judged = _can_be_judged(case, yes_no)
    nothing = (False,) * len(case.answers)
    return Checks(
        verdict="failed",
        right=False if judged else None,
        yes_no=yes_no,
        parts=nothing,
        parts_in_body=nothing,
        yes_no_match=False if yes_no else None,
        gold_ranks=(None,) * len(case.evidence),
        article_ranks=(None,) * len(_article_sets(case)),
        reported_on=None if case.reported_on is None else False,
        status=None if case.status is None else False,
        exact=False if judged else None,
        f1=0.0 if judged else None,
        disagreement_complete=False if case.disagreement else None,
    )


def check_answer(
    case: EvalCase,
    answer: Mapping[str, Any],
    verbatim: Sequence[bool] = (),
    entails: Entails = words_stand_in,
) -> Checks:
    """Check an answer of the form of `Answer.to_dict()`.

    `verbatim` holds, for each citation, whether its words stand in the article at its offsets;
    it is empty where no article text could be looked up. `entails` says whether quotes carry a
    statement.

    >>> case = EvalCase("c1", "Who holds it?", "single", True, answers=(("ISIS", "Daesh"),))
    >>> answer = {"text": "Daesh does [1].", "abstained": False, "confidence": 0.9, "dropped": 0,
    ...           "statements": [], "citations": [], "evidence": []}
    >>> check_answer(case, answer).verdict
    'right'
    """
    yes_no = is_yes_no(case.answers)
    abstained = bool(answer["abstained"])
    text = "" if abstained else normalise(text_without_markers(answer))
    bodies = "" if abstained else normalise("\n".join(s["body"] for s in answer["statements"]))
    parts = parts_said(case, text)
    verdict, right = _judge(case, abstained, yes_no, parts)
    passages = sorted(answer["evidence"], key=lambda passage: passage["rank"])[:DEPTH]
    tokens = answer.get("tokens", {})
    exact, f1 = squad_scores(case, answer) if _can_be_judged(case, yes_no) else (None, None)
    return Checks(
        verdict=verdict,
        right=right,
        abstained=abstained,
        confidence=float(answer["confidence"]),
        yes_no=yes_no,
        parts=parts,
        parts_in_body=parts_said(case, bodies),
        yes_no_match=any(parts) if yes_no else None,
        gold_ranks=gold_ranks(case, passages),
        article_ranks=article_ranks(case, passages),
        quoted=() if abstained else gold_quoted(case, answer),
        verbatim=tuple(verbatim),
        cited=_cited(answer),
        reported_on=_some_statement(answer, "reported_on", case.reported_on),
        status=_some_statement(answer, "status", case.status),
        statements=len(answer["statements"]),
        quoted_words=sum(len(citation["quote"].split()) for citation in answer["citations"]),
        dropped=int(answer["dropped"]),
        tokens_in=int(tokens.get("in", 0)),
        tokens_out=int(tokens.get("out", 0)),
        exact=exact,
        f1=f1,
        supported=citation_recall(answer, entails),
        needed=citation_precision(answer, entails),
        disagreement_complete=shows_every_side(case, answer),
        disagreement_false=shows_a_false_one(case, answer),
    )


def text_without_markers(answer: Mapping[str, Any]) -> str:
    """The answer's text without the markers of its citations, which would match numbers.

    >>> text_without_markers({"text": "Four [1, 2]. [9]", "citations": [{"marker": 1},
    ...                                                                 {"marker": 2}]})
    'Four  . [9]'
    """
    known = {str(citation["marker"]) for citation in answer["citations"]}

    def blank(found: re.Match[str]) -> str:
        return " " if known.issuperset(re.findall(r"\d+", found.group())) else found.group()

    return _MARKERS.sub(blank, str(answer["text"]))


def parts_said(case: EvalCase, normalised: str) -> tuple[bool, ...]:
    """For each expected part, whether a normalised text says one of its spellings.

    >>> case = EvalCase("c", "How many?", "single", True, answers=(("two", "2"), ("three", "3")))
    >>> parts_said(case, normalise("2 soldiers were killed."))
    (True, False)
    """
    return tuple(
        any(says_normalised(normalised, spelling) for spelling in part) for part in case.answers
    )


def gold_ranks(case: EvalCase, passages: Sequence[Mapping[str, Any]]) -> tuple[int | None, ...]:
    """For each gold group, the rank of the first passage that holds a quote of it.

    A passage holds a quote when its text contains it, white space removed on both sides. As in
    MultiHop-RAG's evaluation, the text decides alone: a reprint counts like the article that
    the quote was taken from. Ranks count from 1 in the order given.

    >>> from assistant.types import GoldQuote
    >>> case = EvalCase("c", "q", "t", True, evidence=((GoldQuote("a", "a b"),),
    ...                                                (GoldQuote("a", "c"),)))
    >>> gold_ranks(case, [{"text": "x"}, {"text": "a  b"}])
    (2, None)
    """
    if not case.evidence:
        return ()
    texts = [squash(passage["text"]) for passage in passages]
    return tuple(
        next((rank for rank, text in enumerate(texts, 1) if any(q in text for q in quotes)), None)
        for quotes in _gold_texts(case)
    )


def article_ranks(case: EvalCase, passages: Sequence[Mapping[str, Any]]) -> tuple[int | None, ...]:
    """For each distinct set of gold articles, the rank of the first passage from one of them.

    The members of one group of evidence are one set, so either of two reprints will do; two
    groups that stand in the same articles count once.
    """
    return tuple(
        next((rank for rank, p in enumerate(passages, 1) if p["article_id"] in articles), None)
        for articles in _article_sets(case)
    )


def gold_quoted(case: EvalCase, answer: Mapping[str, Any]) -> tuple[bool, ...]:
    """For each gold group, whether a citation's quote contains a quote of it (text alone)."""
    quotes = [squash(citation["quote"]) for citation in answer["citations"]]
    return tuple(
        any(gold in quote for gold in golds for quote in quotes) for golds in _gold_texts(case)
    )


def _gold_texts(case: EvalCase) -> list[list[str]]:
    return [[squash(gold.quote) for gold in group] for group in case.evidence]


def _article_sets(case: EvalCase) -> list[frozenset[str]]:
    sets = (frozenset(gold.article_id for gold in group) for group in case.evidence)
    return list(dict.fromkeys(sets))


def _can_be_judged(case: EvalCase, yes_no: bool) -> bool:
    return not case.answerable or (bool(case.answers) and not yes_no)


def _judge(
    case: EvalCase, abstained: bool, yes_no: bool, parts: tuple[bool, ...]
) -> tuple[Verdict, bool | None]:
    if not case.answerable:
        return ("right", True) if abstained else ("answered", False)
    if abstained:
        # Of a yes/no, only that it was not answered could be judged; counting nothing but
        # failures would bend the share, so these are left out either way.
        return "abstained", None if yes_no or not parts else False
    if yes_no or not parts:
        return "unjudged", None
    return ("right", True) if all(parts) else ("wrong", False)


def _cited(answer: Mapping[str, Any]) -> tuple[bool, ...]:
    known = {citation["marker"] for citation in answer["citations"]}
    return tuple(
        bool(statement["markers"]) and known.issuperset(statement["markers"])
        for statement in answer["statements"]
    )


def _some_statement(answer: Mapping[str, Any], key: str, wanted: str | None) -> bool | None:
    if wanted is None:
        return None
    return any(statement[key] == wanted for statement in answer["statements"])
