"""What the scripted models say: three characters, the same for every system.

    honest     repeats the one sentence of its sources that shares most words with the question,
               and cites it; says that it cannot answer where that has less than a third of them.
    inventing  five sentences, of which the first alone is true (`invented`).
    refusing   says that it cannot answer.

A model sees nothing but the request. It finds sources, question, and the way in which it is asked
to cite in the shape of the system's own prompt (`SHAPES`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

REFUSAL = "I cannot answer this question from the sources."
FALSE_DATE = "On 31 February 1907, "
FOREIGN = "The mayor of Quillhaven denied it before 4,817 witnesses."
FOREIGN_TOO = "A second envoy left Quillhaven with 4,817 lamps."

_WORD = re.compile(r"\w{3,}")
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])")
_ENDED = re.compile(r"[.!?…][\"'”’)]*\s*\Z")
_COMMON_WORDS = """
the and for was were are has had have did does its his her their with from that this these those
which what who whom whose when where why how not but into over than then also been being there
between after before about according would could should will can may
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_LEAST_SHARE = 1 / 3


@dataclass(frozen=True)
class Shape:
    """How one system's prompt holds its sources, and how it wants them cited.

    `sources` matches each source: its key and its text. `begin` comes before the first one,
    `question` matches the question, `cite` writes a key as a citation.
    """

    name: str
    begin: str
    sources: re.Pattern[str]
    question: re.Pattern[str]
    cite: str
    missing: str
    refusal: str = REFUSAL


# LlamaIndex puts a passage's metadata before its "Source N:"; it is no part of the one before.
_METADATA = r"title: [^\n]*\nsource: [^\n]*\npublished: [^\n]*\n+"

SHAPES = (
    Shape(
        "dateline",
        "===== ARTICLES BEGIN",
        re.compile(r"^\[(\w+\.\d+)\] (.+)$", re.M),
        re.compile(r"^Question: (.+)$", re.M),
        "[{}]",
        "zz9z.9",
        "NOT IN THE LIBRARY",
    ),
    Shape(
        "llamaindex",
        "Now it's your turn.",
        re.compile(
            rf"^Source (\d+):\n(.+?)(?=\n(?:\n*{_METADATA})?Source \d+:\n|\n------\n)", re.M | re.S
        ),
        re.compile(r"^Query: (.+?)\nAnswer:", re.M | re.S),
        "[{}]",
        "99",
    ),
    Shape(
        "paperqa",
        "Context:",
        re.compile(r"^(pqac-\w+): (.+?)\nFrom ", re.M | re.S),
        re.compile(r"^Question: (.+?)$", re.M),
        "({})",
        "pqac-99999999",
        "I cannot answer.",
    ),
    Shape(
        "numbered",
        "Answer the question from the sources alone.",
        re.compile(r"^\[(\d+)\] (.+?)(?=\n\n\[\d+\] |\n\nQuestion: )", re.M | re.S),
        re.compile(r"^Question: (.+)$", re.M),
        "[{}]",
        "99",
    ),
)


@dataclass(frozen=True)
class Asked:
    """A prompt as the models understand it."""

    shape: Shape
    question: str
    sources: dict[str, str]

    def cited(self, sentence: str, key: str) -> str:
        """One line of an answer."""
        return f"{sentence} {self.shape.cite.format(key)}"


def read_prompt(prompt: str) -> Asked | None:
    """What a prompt asks; None where it has none of the known shapes."""
    for shape in SHAPES:
        _, found, rest = prompt.partition(shape.begin)
        question = shape.question.search(rest)
        if found and question:
            sources = dict(shape.sources.findall(rest))
            return Asked(shape, " ".join(question[1].split()), sources)
    return None


def content_words(text: str) -> set[str]:
    """The words by which a sentence and a question are compared."""
    return {word for word in _WORD.findall(text.lower()) if word not in _COMMON}


def sentences(text: str) -> Iterator[str]:
    """The whole sentences of a source that are no longer than an answer's should be."""
    for paragraph in re.split(r"\n\s*\n", text):
        for sentence in _SENTENCE.split(" ".join(paragraph.split())):
            if 4 <= len(sentence.split()) <= 60 and _ENDED.search(sentence):
                yield sentence.strip()


def closest(asked: Asked) -> tuple[str, str, float]:
    """The sentence that shares most words with the question, its source, and the share."""
    wanted = content_words(asked.question)
    best = ("", "", 0.0)
    for key, text in asked.sources.items():
        for sentence in sentences(text):
            share = len(wanted & content_words(sentence)) / max(1, len(wanted))
            if share > best[2]:
                best = (sentence, key, share)
    return best


def honest(asked: Asked) -> str:
    """The closest sentence and its citation, or that there is none."""
    sentence, key, share = closest(asked)
    return asked.cited(sentence, key) if share >= _LEAST_SHARE else asked.shape.refusal


def inventing(asked: Asked) -> str:
    """A true sentence, then four inventions.

    It, cited; it with a false date before it, cited as before; a sentence of nowhere, cited as
    before; another, with a citation that leads nowhere; the true one with a source that does not
    hold it (a second one of nowhere, where no such source is).
    """
    sentence, key, _ = closest(asked)
    if not sentence:
        return asked.shape.refusal
    others = [
        other for other, text in asked.sources.items() if sentence not in " ".join(text.split())
    ]
    wrong = asked.cited(sentence, others[-1]) if others else asked.cited(FOREIGN_TOO, key)
    lines = [
        asked.cited(sentence, key),
        asked.cited(f"{FALSE_DATE}{sentence}", key),
        asked.cited(FOREIGN, key),
        asked.cited(FOREIGN_TOO, asked.shape.missing),
        wrong,
    ]
    return "\n".join(lines)


def refusing(asked: Asked) -> str:
    """That it cannot answer, in the words that the prompt asks for."""
    return asked.shape.refusal


CHARACTERS: dict[str, Callable[[Asked], str]] = {
    "honest": honest,
    "inventing": inventing,
    "refusing": refusing,
}


def reply(model: str, prompt: str) -> str:
    """What a model says to a prompt; the last part of the model's name is its character."""
    summary = summarise(prompt)
    if summary is not None:
        return summary
    asked = read_prompt(prompt)
    if asked is None:
        return REFUSAL
    return CHARACTERS[model.rpartition("/")[2]](asked) + "\n"


def summarise(prompt: str) -> str | None:
    """paper-qa's request to sum up one passage: the passage itself, and how near it is (0 to 10).

    All characters are honest here, since what is measured is what becomes of the answer. The score
    is the share of the question's words in the passage's best sentence.
    """
    found = re.search(r"Excerpt from .*?\n-+\n(.*?)\n-+\n\s*Question: (.+)", prompt, re.S)
    if not found:
        return None
    text, question = found[1].strip(), found[2].strip()
    asked = Asked(SHAPES[-1], question, {"1": text})
    score = round(10 * closest(asked)[2])
    return json.dumps({"summary": text, "relevance_score": score, "used_images": False})
