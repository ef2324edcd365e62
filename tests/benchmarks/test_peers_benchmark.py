"""The benchmark of the peers, without any of them: its script, its counting, its page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.types import EvalCase, GoldQuote
from tests.benchmarks.peers import declared, page, scores, scripted
from tests.benchmarks.peers.__main__ import main
from tests.benchmarks.peers.adapters.protocol import QUESTION_FIRST, numbered
from tests.benchmarks.peers.intervals import difference
from tests.benchmarks.peers.measure import Found
from tests.benchmarks.peers.process import REQUIREMENTS, Kind

BRIDGE = "A lorry hit the railing of the bridge on Monday."
HARVEST = "Growers in Tessin picked half as many apples as last year."
ARTICLES = {"bridge": f"{BRIDGE}\n\nIt will open again in March.", "harvest": HARVEST}
CASES = [
    {
        "id": "q1",
        "question": "What hit the railing of the bridge?",
        "type": "single",
        "answerable": True,
        "answers": [["lorry"]],
        "evidence": [[{"article_id": "bridge", "quote": BRIDGE}]],
    },
    {"id": "q2", "question": "Who repaired trams abroad?", "type": "single", "answerable": False},
]
KINDS = (
    Kind(declared.FIRST, "Dateline", "overlap"),
    Kind("haystack", "Haystack", "overlap", settings=(("PEERS_WORST", "1"),)),
)


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    return np.ones((len(texts), 4), dtype=np.float32)


def shown(text: str, **marks: str) -> dict[str, object]:
    held = {f"[{key[1:]}]": {"article_id": "bridge", "text": value} for key, value in marks.items()}
    return {"text": text, "marks": held, "pattern": r"\[\d+\]", "abstained": None}


def prompt(question: str, *sources: str) -> scripted.Asked:
    read = scripted.read_prompt(
        QUESTION_FIRST.format(sources=numbered(list(sources)), question=question)
    )
    assert read is not None
    return read


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    for name in declared.RETRIEVAL_SETS:
        articles = folder / name / "articles"
        articles.mkdir(parents=True)
        for key, text in ARTICLES.items():
            front = f'---\nid: "{key}"\ntitle: "{key}"\npublished_at: "2020-03-04"\n---\n\n'
            (articles / f"{key}.md").write_text(front + text)
        lines = [json.dumps(case) for case in CASES]
        (folder / name / "questions.dev.jsonl").write_text("\n".join(lines))
    return folder


def test_two_systems_are_measured_compared_and_drawn(data: Path, tmp_path: Path) -> None:
    out, work = tmp_path / "out", tmp_path / "work"
    arguments = ["--data", str(data), "--work", str(work), "--out", str(out), "--quick"]
    assert main(arguments, KINDS, embed) == 0
    measured = json.loads((work / "measured.json").read_text())
    ours, theirs = measured["dateline"], measured["haystack"]
    assert not ours["failed"] and not theirs["failed"]
    assert ours["counts"]["squad/hits10"] == [[True, 1]]
    assert theirs["counts"]["squad/hits10"] == [[False, 1]]
    # Of the five cited lines, the first alone holds.
    assert ours["counts"]["squad/bad_citations"][0] == [4, 5]
    assert ours["counts"]["squad/true_kept"][0] == [True, 1]
    assert ours["counts"]["squad/right"] == [[True, 1], [0, 0]]
    assert ours["counts"]["syria/abstained"] == [[0, 0], [True, 1]]
    assert {"index_ratio", "retrieve_p50", "first_words", "cold", "peak_mb"} <= set(ours["cost"])
    table = (out / "peers-table.md").read_text()
    assert "| SQuAD: Hits@10 (more is better) | 1.0 | .000" in table
    assert "- all ran" in table and str(tmp_path) not in table
    assert "Hits@10" in (out / "peers-readme.md").read_text()
    assert (out / "peers.svg").read_text().startswith("<?xml")


def test_a_system_that_fails_is_told_and_the_others_go_on(data: Path, tmp_path: Path) -> None:
    broken = Kind("txtai", "txtai", "no_such_adapter")
    arguments = ["--data", str(data), "--work", str(tmp_path / "w"), "--out", str(tmp_path / "o")]
    assert main([*arguments, "--quick", "--rows", "retrieval"], (*KINDS, broken), embed) == 0
    table = (tmp_path / "o" / "peers-table.md").read_text()
    assert "- txtai: txtai ended while it was to index" in table
    assert "SQuAD: Hits@10" in table


def test_the_honest_model_repeats_the_closest_sentence_or_refuses() -> None:
    assert scripted.honest(prompt("What hit the bridge?", HARVEST, BRIDGE)) == f"{BRIDGE} [2]"
    assert scripted.honest(prompt("Who repaired trams abroad?", BRIDGE)) == scripted.REFUSAL


def test_a_heading_is_no_part_of_the_sentence_after_it() -> None:
    source = f"Bridge hit | Gazette | 2020-03-04\n\n{BRIDGE}"
    assert scripted.honest(prompt("What hit the bridge?", source)) == f"{BRIDGE} [1]"


def test_four_of_the_inventing_model_s_five_citations_do_not_hold() -> None:
    asked = prompt("What hit the bridge?", BRIDGE, HARVEST)
    text = scripted.inventing(asked)
    counts = scores.inventing(shown(text, m1=BRIDGE, m2=HARVEST))
    assert counts == {"bad_citations": (4, 5), "inventions": (4, 4), "true_kept": (True, 1)}


def test_an_invention_without_its_citation_still_reaches_the_reader() -> None:
    text = f"{BRIDGE} [1]\n{scripted.FOREIGN} ()"
    counts = scores.inventing(shown(text, m1=BRIDGE))
    assert counts["bad_citations"] == (0, 1) and counts["inventions"] == (1, 4)


def test_a_summary_is_asked_in_paper_qa_s_form() -> None:
    asked = f"Excerpt from a chunk 1: A\n\n---\n\n{BRIDGE}\n\n---\n\nQuestion: What hit the bridge?"
    said = json.loads(scripted.reply("openai/inventing", asked))
    assert said["summary"] == BRIDGE and said["relevance_score"] == 10


def test_each_prompt_s_sources_are_read_in_its_own_shape() -> None:
    llamaindex = (
        "For example:\nSource 1:\nThe sky is red.\nNow it's your turn. Below are sources:\n------\n"
        f"title: a\nsource: b\npublished: c\n\nSource 1:\n{HARVEST}\n\n"
        f"title: d\nsource: \npublished: \n\nSource 2:\n{BRIDGE}\n\n------\n"
        "Query: What hit it?\nAnswer: "
    )
    dateline = (
        f"===== ARTICLES BEGIN x =====\npassage k3bd\n[k3bd.1] {BRIDGE}\n"
        "===== ARTICLES END x =====\n\nQuestion: What hit it?"
    )
    paperqa = (
        f"Context:\n\npqac-0a1b2c3d: {BRIDGE}\nFrom bridge\n\nValid Keys: pqac-0a1b2c3d\n\n---\n\n"
        "Question: What hit it?\n\nWrite an answer"
    )
    for given, keys, cite in (
        (llamaindex, ["1", "2"], "[2]"),
        (dateline, ["k3bd.1"], "[k3bd.1]"),
        (paperqa, ["pqac-0a1b2c3d"], "(pqac-0a1b2c3d)"),
    ):
        read = scripted.read_prompt(given)
        assert read is not None and list(read.sources) == keys
        assert read.question == "What hit it?"
        assert [text.strip() for text in read.sources.values()][-1] == BRIDGE
        assert "title" not in "".join(read.sources.values())
        assert read.cited("So.", keys[-1]) == f"So. {cite}"


def test_passages_beyond_the_budget_do_not_count() -> None:
    long = "word " * (declared.WORDS - 2) + "a lorry hit the railing"
    case = EvalCase("c", "q", "t", True, evidence=((GoldQuote("a", "hit the railing"),),))
    passages = [{"article_id": "a", "text": long}, {"article_id": "b", "text": "hit the railing"}]
    assert scores.retrieval(case, passages)["hits10"] == (False, 1)
    assert scores.retrieval(case, passages[1:])["hits10"] == (True, 1)


def test_a_citation_is_verbatim_where_its_article_has_the_words() -> None:
    case = EvalCase("c", "q", "t", True, answers=(("lorry",),))
    articles = {"bridge": "".join(BRIDGE.split())}
    good = scores.honest(case, shown(f"{BRIDGE} [1]", m1=BRIDGE), articles)
    assert (good["verbatim"], good["short"], good["right"]) == ((1, 1), (1, 1), (True, 1))
    changed = scores.honest(case, shown(f"{BRIDGE} [1]", m1=BRIDGE.upper()), articles)
    assert changed["verbatim"] == (0, 1)
    nowhere = scores.honest(case, shown(f"{BRIDGE} [7]", m1=BRIDGE), articles)
    assert nowhere["verbatim"] == (0, 1)


def test_the_interval_is_of_the_paired_difference() -> None:
    ours, theirs = [(1, 1)] * 30 + [(0, 1)] * 10, [(1, 1)] * 20 + [(0, 1)] * 20
    low, high = difference(ours, theirs, 2000, 1) or (0, 0)
    assert 0.1 < low < 0.25 < high < 0.4
    assert difference(ours, ours, 500, 1) == (0.0, 0.0)
    assert difference(ours, [(0, 0)] * 40, 500, 1) is None


def test_the_page_says_where_a_peer_is_better() -> None:
    ours, theirs = Found(), Found()
    ours.counts["squad/hits10"], theirs.counts["squad/hits10"] = [(0, 1)] * 9, [(1, 1)] * 9
    ours.counts["squad/hits4"], theirs.counts["squad/hits4"] = [(1, 1)] * 9, [(0, 1)] * 9
    ours.cost["cold"], theirs.cost["cold"] = 3.0, 2.0
    titles = {"dateline": "Dateline", "txtai": "txtai"}
    lines = page.where_behind({"dateline": ours, "txtai": theirs}, titles)
    assert lines == [
        "- SQuAD: Hits@10: txtai 1.0 (beyond chance); Dateline .000",
        "- Cold start to an answer: txtai 2.00 s; Dateline 3.00 s",
    ]


def test_requirements_are_pinned_and_name_no_place() -> None:
    for kind in declared.KINDS:
        if kind.venv:
            lines = (REQUIREMENTS / f"{kind.venv}.txt").read_text().splitlines()
            assert lines and all("==" in line and "/" not in line for line in lines)
