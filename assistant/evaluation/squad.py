"""Exact match and token F1, as SQuAD's official script (version 2.0) computes them.

P. Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text", EMNLP 2016;
P. Rajpurkar, R. Jia and P. Liang, "Know What You Don't Know: Unanswerable Questions for SQuAD",
ACL 2018: where there is no answer, both are 1 if none was given and 0 if one was.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.types import EvalCase

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


def tokens(text: str) -> list[str]:
    """The words that are compared: lower case, ASCII punctuation and a, an, the left out.

    Punctuation is taken out before words are told apart, so that hyphens join. Typographic
    quotation marks stay, as in the script.

    >>> tokens("The U.S.-led coalition's 3,000 men, an army")
    ['usled', 'coalitions', '3000', 'men', 'army']
    """
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def is_exact(given: str, wanted: str) -> bool:
    """Whether two texts have the same words in the same order.

    >>> is_exact("the Red Coast Army", "Red Coast Army."), is_exact("Army", "Red Coast Army")
    (True, False)
    """
    return tokens(given) == tokens(wanted)


def token_f1(given: str, wanted: str) -> float:
    """The harmonic mean of precision and recall of the words, each as often as it stands there.

    Where one of the texts has no words, 1 if neither has and 0 otherwise.

    >>> token_f1("the army of the coast", "Red Coast Army"), token_f1("", ""), token_f1("a", "b")
    (0.6666666666666666, 1.0, 0.0)
    """
    one, two = tokens(given), tokens(wanted)
    if not one or not two:
        return float(one == two)
    same = (Counter(one) & Counter(two)).total()
    precision, recall = same / len(one), same / len(two)
    return 2 * precision * recall / (precision + recall) if same else 0.0


def squad_scores(case: EvalCase, answer: Mapping[str, Any]) -> tuple[bool, float]:
    """Exact match and F1 of an answer, in the form of `Answer.to_dict()`.

    Of n expected parts the first n statements are looked at, so that one part is held against the
    first statement alone. Each part takes the statement that fits it best, in its best spelling;
    F1 is the mean over the parts, and the match is exact where that of every part is.
    """
    if not case.answerable or answer["abstained"]:
        right = not case.answerable and bool(answer["abstained"])
        return right, float(right)
    given = predictions(answer)[: len(case.answers)]
    exact = all(any(is_exact(g, s) for g in given for s in part) for part in case.answers)
    scores = [
        max((token_f1(g, s) for g in given for s in part), default=0.0) for part in case.answers
    ]
    return exact, sum(scores) / len(scores)


def predictions(answer: Mapping[str, Any]) -> Sequence[str]:
    """For each statement the words that answer: those that its citations mark, else its body.

    Of several marked citations the first counts; the others say the same once more.

    >>> answer = {"statements": [{"body": "It is held by ISIS.", "markers": [1]},
    ...                          {"body": "It fell.", "markers": [2]}],
    ...           "citations": [{"marker": 1, "quote": "It is held by ISIS.", "answer": [14, 18]}]}
    >>> predictions(answer)
    ['ISIS', 'It fell.']
    """
    marked = {
        citation["marker"]: citation["quote"][slice(*citation["answer"])]
        for citation in answer["citations"]
        if citation.get("answer")
    }
    return [
        next((marked[marker] for marker in s["markers"] if marker in marked), s["body"])
        for s in answer["statements"]
    ]
