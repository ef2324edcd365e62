"""The reader's benchmark on small sets with a scoring function that counts shared words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from assistant.models import reader as reader_module
from assistant.models.reader import context_of
from tests.benchmarks import reader, reader_candidates, reader_scorers
from tests.benchmarks.reader import evaluate_reader, main
from tests.benchmarks.reader_claims import difference, judge, threshold
from tests.benchmarks.reader_measures import Pair, area, choose, mean, pairs_of, scored
from tests.benchmarks.reader_ranking import ranks_of, rerank

BRIDGE = (
    "The bridge over the Maro was closed on Monday. A lorry had hit its railing. "
    "It will open again in March, said the mayor of Orlen."
)
HARVEST = (
    "Growers in Tessin picked half as many apples as last year. Frost had come late in spring. "
    "Prices rose by 12 percent."
)
QUOTE = "A lorry had hit its railing."
QUESTIONS = [
    ("q1", "What had hit the railing of the bridge?", [["lorry"]], [QUOTE]),
    ("q2", "By how much did prices rise?", [["12 percent"]], ["Prices rose by 12 percent."]),
    ("q3", "Who repaired trams?", [], []),
]  # fmt: skip
Shown = list[tuple[str, list[Pair]]]


def shared_words(question: str, pairs: Sequence[Pair]) -> list[float]:
    asked = set(question.lower().strip("?").split())
    return [float(len(asked & set(sentence.lower().strip(".").split()))) for sentence, _ in pairs]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    for name in ("seed", "squad", "syria", "multihoprag"):
        articles = folder / name / "articles"
        articles.mkdir(parents=True)
        for key, text in (("bridge", BRIDGE), ("harvest", HARVEST)):
            front = f"---\nid: {key}\ntitle: {key}\npublished: 2020-03-04\n---\n\n"
            (articles / f"{key}.md").write_text(front + text)
        _write(folder / name / "questions.dev.jsonl", [_case(*q) for q in QUESTIONS])
    (folder / "rgb").mkdir()
    closed = [
        {**_case(*q), "evidence": [], "articles": [{"id": "a", "text": BRIDGE + " " + HARVEST}]}
        for q in QUESTIONS
    ]
    _write(folder / "rgb" / "questions.dev.jsonl", closed)
    (folder / "support").mkdir()
    claims = [
        {
            "id": f"{origin}{i}",
            "origin": origin,
            "claim": "A lorry hit the railing" if i % 2 else "A ship sank near the harbour",
            "source": BRIDGE,
            "supported": bool(i % 2),
        }
        for origin in ("one", "two")
        for i in range(10)
    ]
    _write(folder / "support" / "claims.dev.jsonl", claims)
    return folder


@pytest.fixture(scope="module")
def kept(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the candidates of all tests are cached."""
    return tmp_path_factory.mktemp("kept")


def _case(
    key: str, question: str, answers: list[list[str]], quotes: list[str]
) -> dict[str, object]:
    place = "harvest" if key == "q2" else "bridge"
    return {
        "id": key,
        "question": question,
        "type": "single",
        "answerable": bool(answers),
        "answers": answers,
        "evidence": [[{"article_id": place, "quote": quote}] for quote in quotes],
    }


def _write(file: Path, rows: Sequence[dict[str, object]]) -> None:
    file.write_text("\n".join(json.dumps(row) for row in rows))


def test_every_aim_gets_its_figure(data: Path, kept: Path) -> None:
    found = evaluate_reader(shared_words, data, shared_words, cache=kept)
    assert found["squad_first"] == found["squad90_first"] == 1.0
    assert found["rgb_first"] == found["seed_first"] == found["syria_first"] == 1.0
    assert found["squad_auc"] == 1.0
    assert found["mhr_bm25_first_mrr10"] == found["mhr_bm25_place1_all10"] == 1.0
    assert found["support_ba"] == found["support_one_ba"] == 1.0
    again = evaluate_reader(shared_words, data, shared_words, cache=kept)
    assert again == pytest.approx(found)


def test_answers_never_reach_the_scoring_function(data: Path, kept: Path) -> None:
    seen: Shown = []

    def spy(question: str, pairs: Sequence[Pair]) -> list[float]:
        seen.append((question, list(pairs)))
        return shared_words(question, pairs)

    evaluate_reader(spy, data, None, cache=kept, only=("squad", "multihop"))
    texts = BRIDGE + HARVEST
    assert seen
    assert all(sentence in texts for _, pairs in seen for sentence, _ in pairs)
    assert {question for question, _ in seen} == {q[1] for q in QUESTIONS}


def test_the_command_prints_tables_and_writes_a_report(
    data: Path,
    kept: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Fake:
        answers = staticmethod(shared_words)
        supports = staticmethod(shared_words)

    monkeypatch.setattr(reader, "load_reader", lambda model: Fake())
    out = tmp_path / "reports" / "reader.json"
    assert main([str(data), "--cache", str(kept), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "SQuAD, five paragraphs: first sentence right" in printed
    assert "every fact within the 30" in printed
    assert "reader less" in printed
    report = json.loads(out.read_text())
    assert report["reader"]["seed_first"]["value"] == 1.0
    assert set(report["by_context"]) == {
        "none", "previous", "title", "title, date", "title, previous", "title, date, previous",
        "both",
    }  # fmt: skip


def test_scores_must_be_finite_and_complete() -> None:
    with pytest.raises(ValueError, match="1 scores"):
        scored(lambda q, p: [1.0], "q", [("a", ""), ("b", "")])
    with pytest.raises(ValueError, match="not all"):
        scored(lambda q, p: [float("nan")], "q", [("a", "")])
    assert len(scored(lambda q, p: [], "q", [])) == 0


def test_a_case_without_sentences_is_wrong_and_scores_lowest() -> None:
    case = {"answerable": True, "reached": False, "parts": [], "gold": []}
    assert choose(case, np.zeros(0), "squad").first is False


def test_contexts_leave_out_what_is_not_there() -> None:
    shown = {"text": "a", "previous": "", "title": "T", "date": ""}
    assert pairs_of([shown], "both") == [("a", "T.")]
    for before in ("Rain fell on the road all day.", "Rain fell on the road ...", "The road"):
        own = context_of("T", None, before)
        assert pairs_of([shown | {"previous": before}], "both") == [("a", own)]
    shown["date"] = "3 June 2017"
    assert pairs_of([shown], "both") == [("a", context_of("T", date(2017, 6, 3), ""))]
    assert pairs_of([shown], "none") == [("a", "")]


def test_intervals_hold_the_value_and_nothing_gives_nan() -> None:
    for figure in (mean([0, 1, 1, 0]), area([2, 3, 1], [0, 2])):
        assert figure.low <= figure.value <= figure.high
    assert np.isnan(area([], [1.0]).value)
    assert np.isnan(mean([]).value)


def test_a_second_stage_reorders_and_caps() -> None:
    passages = {
        "a": {"article": "x", "groups": [], "sentences": []},
        "b": {"article": "x", "groups": [0], "sentences": []},
        "c": {"article": "y", "groups": [1], "sentences": []},
    }
    case = {"passages": passages, "rankings": {"bm25": ["a", "b", "c"]}, "groups": 2}
    scores = {"a": 0.0, "b": 9.0, "c": -9.0}
    assert rerank(case, "bm25", scores, "rrf", 0.0, 0) == ["a", "b", "c"]
    assert rerank(case, "bm25", scores, "score", 0.0, 0) == ["b", "a", "c"]
    assert rerank(case, "bm25", scores, "place", 1.0, 1) == ["b", "c", "a"]
    assert ranks_of(case, ["b", "c", "a"]) == (1, 2)
    assert ranks_of(case, ["a"]) == (None, None)


def test_claims_are_judged_by_thresholds_of_other_folds() -> None:
    assert threshold(np.array([0.0, 1.0]), np.array([False, True])) == 0.5
    cases = [{"supported": i % 2 == 0, "origin": "one"} for i in range(40)]
    known = np.array([float(case["supported"]) for case in cases])
    noise = np.random.default_rng(1).random(40)
    good, bad = judge(cases, known), judge(cases, noise)
    assert good.balanced_accuracy("one") == 1.0
    assert difference(good, bad).low > 0 > difference(bad, good).high
    assert difference(good, good).p == 1.0


def test_candidates_are_read_from_the_cache(data: Path, kept: Path, tmp_path: Path) -> None:
    built = reader_candidates.load(data, kept)
    name = next(kept.glob("reader-candidates-*.json")).name
    (tmp_path / name).write_text(json.dumps({**built, "kept": True}))
    assert reader_candidates.load(data, tmp_path)["kept"] is True


def test_a_pair_is_the_same_sequence_here_as_in_the_product() -> None:
    for lengths in ((3, 5, 0), (3, 5, 7), (90, 5, 9), (9, 300, 9), (48, 78, 5)):
        parts = [[1000 + i] * n for i, n in enumerate(lengths)]
        here, there = reader_scorers._feeds(*parts), reader_module._feeds(*parts)
        for name, wanted in there.items():
            assert np.array_equal(here[name], wanted), (lengths, name)
