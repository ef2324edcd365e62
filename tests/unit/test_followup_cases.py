"""The follow-up cases and the pairs of reports are whole: they load, their answers are there."""

from __future__ import annotations

import json
from pathlib import Path

from assistant.articles import find_files, read_articles
from assistant.evaluation.cases import load_cases
from assistant.sample import articles_path
from assistant.types import Article

FIXTURES = Path(__file__).parents[1] / "fixtures"


def test_there_are_forty_follow_ups_with_history_and_expected_words() -> None:
    cases = [
        case
        for name in ("sample", "syria")
        for case in load_cases(FIXTURES / f"followups.{name}.jsonl")
    ]
    assert len(cases) >= 40
    assert len({case.id for case in cases}) == len(cases)
    for case in cases:
        assert case.history and case.answers and case.type == "followup", case.id


def test_the_sample_holds_the_answers_to_its_follow_ups_and_pairs() -> None:
    entries = (entry for file in find_files([articles_path()]) for entry in read_articles(file))
    articles = {entry.id: entry for entry in entries if isinstance(entry, Article)}
    everything = " ".join(article.text for article in articles.values())
    for case in load_cases(FIXTURES / "followups.sample.jsonl"):
        for part in case.answers:
            assert any(spelling in everything for spelling in part), case.id
    lines = (FIXTURES / "disagreements.jsonl").read_text(encoding="utf-8").splitlines()
    for pair in (pair for pair in map(json.loads, lines) if pair["set"] == "sample"):
        held = " ".join(articles[article_id].text for article_id in pair["articles"]).casefold()
        assert all(value.casefold() in held for value in pair["values"]), pair["id"]
