"""How good drafted questions are, by rules: python -m tests.benchmarks.drafts DATA [--indexes F].

For each set, what `assistant questions draft --count N --seed S` proposes is put to the library.
Of those with an answer: is the gold quote among the first ten passages, and does the text of the
quote writer say the answer. Of those without: does the line abstain, and is there no sentence in
any article that has the question's name and half of its other telling words. Of all: flags, whether
it reads like a question, names that are cut short, and how many repeat one of the set's own
development questions (nothing is tuned on these). Rules do not know whether a question makes sense.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant import sample
from assistant.drafting import Draft, Drafts, flagged
from assistant.drafting.flags import telling
from assistant.drafting.library import add_proposed
from assistant.drafting.patterns import CALENDAR, NAME
from assistant.drafting.propose import UNANSWERABLE
from assistant.errors import UsageError
from assistant.evaluating import answering
from assistant.evaluation import CaseResult, evaluate, load_cases, read_cases
from assistant.evaluation.figures import share
from assistant.intake import Narrowed
from assistant.passages import split_sentences
from assistant.pipeline import Assistant

SETS = ("seed", "sample", "squad", "syria", "multihoprag")
HALF = 0.5
"""Share of a question's other telling words from which a sentence with its name may answer it."""

_ASKS = re.compile(r"(?:How (?:many|much)|By how much|When|By whom|Who|Whose|What|Which|Where)\b")
_NAME = re.compile(rf"\b{NAME}")
_GOES_ON = re.compile(r"(?: (?:al|el|bin|ibn|de|von|of)(?: the)?)? [A-Z][\w’'-]*")
_BEFORE = re.compile(r"\w[^.!?]* [A-Z][\w’'-]* $")
"""What ends in a name that is not the first word of its sentence."""
_NEW_PHRASE = frozenset({
    "a", "about", "according", "after", "against", "ahead", "along", "also", "among", "an",
    "are", "around", "as", "at", "because", "before", "between", "but", "by", "despite",
    "down", "during", "following", "for", "from", "had", "has", "have", "he", "her", "his",
    "if", "in", "including", "into", "is", "it", "its", "just", "last", "late", "later",
    "near", "next", "nor", "not", "of", "off", "on", "one", "out", "over", "per", "said",
    "she", "since", "so", "such", "than", "that", "the", "their", "then", "they", "this",
    "through", "to", "today", "too", "under", "until", "up", "was", "we", "were", "when",
    "where", "which", "while", "who", "will", "with", "within", "without", "yesterday",
})  # fmt: skip
"""Words that begin another phrase, or end one."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The drafts of one set that were put to its library, and what came of each."""

    count: int
    results: Sequence[tuple[Draft, CaseResult]]
    sentences: Sequence[str]
    known: Sequence[str]


Row = Callable[[Measured], list[bool]]


def found(result: CaseResult) -> bool:
    """Whether the gold quote is among the first ten passages."""
    return all(rank is not None for rank in result.checks.gold_ranks)


def said(result: CaseResult) -> bool:
    """Whether the answer says what the draft expects; its frame, which has a date, apart."""
    return result.checks.answered and all(result.checks.parts_in_body)


def lacks(question: str, sentences: Iterable[str]) -> bool:
    """Whether no sentence has a name of the question and half of its other telling words."""
    name = first_name(question)
    rest = telling(question.replace(name, "")) if name else telling(question)
    return not any(
        name in sentence and len(rest & telling(sentence)) >= HALF * len(rest)
        for sentence in sentences
    )


def first_name(question: str) -> str:
    """The first name of a question that is no day or month, "" for none."""
    names = (each[0] for each in _NAME.finditer(question) if each.start())
    return next((re.sub(r"[’']s$", "", n) for n in names if not CALENDAR.search(n)), "")


def cuts_a_name(question: str, quote: str) -> bool:
    """Whether a name in the question is part of a longer one at its place in the quote."""
    for each in _NAME.finditer(question):
        name = re.sub(r"[’']s$", "", each[0])
        at = quote.find(name)
        if not each.start() or at < 0 or CALENDAR.search(name):
            continue
        if any(quote.find(longer) >= 0 for longer in _longer(name, question, each.end())):
            continue  # the question has what comes next as well
        if _GOES_ON.match(quote, at + len(name)) or _BEFORE.search(quote[:at]):
            return True
    return False


def breaks_off(question: str, quote: str) -> bool:
    """Whether the question ends where the quote goes on with the same phrase: "in Russian (air
    raids)". Told by what comes next there: a small word that is no preposition or the like.
    """
    last = question.rstrip("?").split()[-1]
    after = re.search(rf"\b{re.escape(last)} ([a-z]+)", quote)
    return bool(after) and after[1] not in _NEW_PHRASE


def no_name(question: str, quote: str, sentences: Sequence[str]) -> str:
    """The word that begins the quote, where the question has it as part of a name and the library
    writes it small more often; else "".
    """
    first = re.match(r"[A-Z][a-z]+\b", quote)
    if first is None or not re.search(rf"(?<=\w ){first[0]}\b", question):
        return ""
    small = re.compile(rf"\b{first[0].lower()}\b")
    named = re.compile(rf"[a-z,] {first[0]}\b")
    written_small = sum(bool(small.search(sentence)) for sentence in sentences)
    return first[0] if written_small > sum(bool(named.search(s)) for s in sentences) else ""


def _longer(name: str, question: str, end: int) -> Iterable[str]:
    after = _GOES_ON.match(question, end)
    return [name + after[0]] if after else []


def measured(assistant: Assistant, known: Sequence[str], count: int, seed: int) -> Measured:
    """Draft questions of a library as the command does, and put them to it."""
    with tempfile.TemporaryDirectory(prefix="dateline-drafts-") as scratch:
        drafts = Drafts(Path(scratch) / "drafts.jsonl")
        try:
            add_proposed(assistant, drafts, count, seed=seed)
        except UsageError:
            return Measured(count, [], [], known)  # nothing in it has such a form
        made = drafts.all()
    lines = [json.dumps(draft.case()).encode() for draft in made]
    report = evaluate(read_cases("drafts", lines), answering(assistant, Narrowed()))
    texts = [assistant.article(article.id).text for article in assistant.articles()]
    sentences = [text[start:end] for text in texts for start, end in split_sentences(text)]
    return Measured(count, list(zip(made, report.results, strict=True)), sentences, known)


def _answerable(m: Measured, holds: Callable[[CaseResult], bool]) -> list[bool]:
    return [holds(result) for draft, result in m.results if draft.answerable]


def _without(m: Measured, holds: Callable[[Draft, CaseResult], bool]) -> list[bool]:
    return [holds(draft, result) for draft, result in m.results if not draft.answerable]


def _repeats(m: Measured) -> list[bool]:
    looked = flagged([draft for draft, _ in m.results], m.known)
    return [any("of a known question" in flag for flag in draft.flags) for draft in looked]


def _has(m: Measured, words: str) -> list[bool]:
    return [any(words in flag for flag in draft.flags) for draft, _ in m.results]


ROWS: tuple[tuple[str, Row], ...] = (
    ("With an answer: gold quote among the first ten", lambda m: _answerable(m, found)),
    ("… and the text says the answer", lambda m: _answerable(m, lambda r: found(r) and said(r))),
    ("… the line abstains", lambda m: _answerable(m, lambda r: bool(r.checks.abstained))),
    ("Without: the line abstains", lambda m: _without(m, lambda d, r: bool(r.checks.abstained))),
    ("Without: no sentence has name and deed", lambda m: _without(m, lambda d, r: lacks(
        d.question, m.sentences))),
    ("… the name is in no article at all", lambda m: _without(m, lambda d, r: not any(
        first_name(d.question) in sentence for sentence in m.sentences))),
    ("Flagged: duplicate", lambda m: _has(m, "duplicate")),
    ("Flagged: copied from its sentence", lambda m: _has(m, "copied")),
    ("Flagged: its day needs the report's date", lambda m: _has(m, "its day needs")),
    ("Begins as a question, ends with ?", lambda m: [
        bool(_ASKS.match(draft.question)) and draft.question.endswith("?")
        for draft, _ in m.results]),
    ("A name is cut short", lambda m: [
        cuts_a_name(draft.question, draft.quotes[0][1])
        for draft, _ in m.results if draft.quotes]),
    ("Ends in the middle of a phrase", lambda m: [
        breaks_off(draft.question, draft.quotes[0][1])
        for draft, _ in m.results if draft.quotes]),
    ("Takes its sentence's first word for a name", lambda m: [
        bool(no_name(draft.question, draft.quotes[0][1], m.sentences))
        for draft, _ in m.results if draft.quotes]),
    ("Repeats one of the set's own questions", _repeats),
)  # fmt: skip


def cell(values: Sequence[bool]) -> str:
    """A share as "3 of 4 (30–95)", the 95 % score interval in percent."""
    figure = share(values)
    if figure.low is None or figure.high is None:
        return "–"
    return f"{figure.k} of {figure.n} ({100 * figure.low:.0f}–{100 * figure.high:.0f})"


def table(sets: dict[str, Measured]) -> list[str]:
    """Every row as Markdown, one column a set, and below it each kind over all sets."""
    lines = [f"| | {' | '.join(sets)} |", "|---" * (len(sets) + 1) + "|"]
    proposed = [f"{len(m.results)} of {m.count}" for m in sets.values()]
    lines.append(f"| Proposed | {' | '.join(proposed)} |")
    for title, row in ROWS:
        lines.append(f"| {title} | {' | '.join(cell(row(m)) for m in sets.values())} |")
    kinds: dict[str, list[CaseResult]] = {}
    for m in sets.values():
        for draft, result in m.results:
            if draft.answerable:
                kinds.setdefault(draft.kind, []).append(result)
    lines += [
        "",
        "| Kind, over all sets | gold quote found | and the answer said |",
        "|---|---|---|",
    ]
    for kind, results in sorted(kinds.items()):
        both = [found(r) and said(r) for r in results]
        lines.append(f"| {kind} | {cell([found(r) for r in results])} | {cell(both)} |")
    return lines


def _told(m: Measured, draft: Draft, result: CaseResult) -> Iterable[str]:
    """What is to be said of one draft."""
    yield result.checks.verdict
    quote = draft.quotes[0][1] if draft.quotes else ""
    if draft.answerable and not found(result):
        yield "not found"
    if cuts_a_name(draft.question, quote):
        yield "name cut short"
    if quote and breaks_off(draft.question, quote):
        yield "breaks off"
    if word := no_name(draft.question, quote, m.sentences):
        yield f"{word} is no name"
    if not draft.answerable and not lacks(draft.question, m.sentences):
        yield "a sentence has it"


def _index(name: str, data: Path, indexes: Path | None, scratch: Path) -> Path:
    if indexes is not None and (indexes / name).is_dir():
        return indexes / name
    articles = sample.articles_path() if name == "sample" else data / name / "articles"
    with Assistant.open(scratch / name, create=True) as made:
        made.index([articles])
    return scratch / name


def _questions(name: str, data: Path) -> list[str]:
    own = sample.questions_path() if name == "sample" else data / name / "questions.dev.jsonl"
    return [case.question for case in load_cases(own)]


def main(argv: Sequence[str] | None = None) -> int:
    """Draft, ask, and print the table; with --show each draft, and what is wrong with it."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.drafts")
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--indexes", type=Path, help="folder of indexes, SET in it; else made anew")
    parser.add_argument("--count", type=int, default=40, help="questions at most, of each set")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", choices=SETS, default=SETS)
    parser.add_argument("--show", action="store_true", help="each draft, too")
    given = parser.parse_args(argv)
    sets = {}
    with tempfile.TemporaryDirectory(prefix="dateline-drafts-") as scratch:
        for name in given.only:
            where = _index(name, given.data, given.indexes, Path(scratch))
            known = _questions(name, given.data)
            with Assistant.open(where) as assistant:
                sets[name] = measured(assistant, known, given.count, given.seed)
    if given.show:
        for name, m in sets.items():
            for draft, result in m.results:
                print(
                    f"{name} {draft.kind}: {draft.question} [{'; '.join(_told(m, draft, result))}]"
                )
    print("\n".join(table(sets)))
    print(f"\none in {UNANSWERABLE} is proposed without an answer; seed {given.seed}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
