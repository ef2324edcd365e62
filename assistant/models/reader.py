"""The reader: a small cross-encoder that scores a sentence against a question, or against a claim.

Trained by `training/` from all-MiniLM-L6-v2; `reader_files/MODEL_CARD.md` has data and figures.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from assistant.models.files import reader_file, tokenizer_file
from assistant.models.runtime import cores, encodable, open_session
from assistant.observing import step

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

# As in training: the context takes what question and sentence leave of the sequence.
MAX_TOKENS, QUESTION_TOKENS = 128, 48
# No text is tokenised beyond this: far more than 128 tokens of prose, whatever its length.
MAX_CHARS = 2000
# Scores that are kept: the writer asks for sentences that the second stage has read already.
_REMEMBERED = 1024
_CLS, _SEP = 101, 102
_MONTHS = "January February March April May June July August September October November December"
_ANSWERS, _SUPPORTS = 0, 1  # columns of the scores
# A sentence that is worth reading along has an end, and so many words.
_WHOLE = re.compile(r"""(?<!\.\.)[.!?]["'”’)\]]*\s*$""")
_FEWEST_WORDS = 5


def context_of(title: str, published: date | None, previous: str) -> str:
    """What a sentence is read with, as in training: its article's title and date, the one before.

    What was broken off, or is no sentence (a headline, a line of a list), is left out: it is as
    likely to be about something else.

    >>> context_of("Road retaken", date(2017, 6, 23), "Fighting went on for days.")
    'Road retaken (23 June 2017). Fighting went on for days.'
    >>> context_of("Is it over?", None, "")
    'Is it over?'
    >>> context_of("Road retaken", None, "Fighting went on for ...")
    'Road retaken.'
    """
    if not _WHOLE.search(previous) or len(previous.split()) < _FEWEST_WORDS:
        previous = ""
    head = title
    if title and published:
        # Not strftime: its month names follow the machine's language.
        head += f" ({published.day} {_MONTHS.split()[published.month - 1]} {published.year})"
    if head and not head.endswith((".", "?", "!")):
        head += "."
    return f"{head} {previous}".strip()


class Reader:
    """Scores pairs of texts as logits: higher is better, 0 is as likely as not.

    Loads its files on first use, once, from any thread. A pair's score does not depend on the
    pairs that it is scored with: int8 activations get one range a run, so each pair is a run of
    its own, and `threads` pairs run at once (0: one a core).

    Raises (on first use):
        ModelFileError: the model's file or the tokenizer's is missing or altered.
    """

    def __init__(self, threads: int = 0) -> None:
        self._threads = threads or cores()
        self._lock = threading.Lock()
        self._loaded: tuple[InferenceSession, Tokenizer] | None = None
        self._known: dict[tuple[str, str, str], NDArray[np.float32]] = {}

    @property
    def loaded(self) -> bool:
        """Whether the model is in memory."""
        return self._loaded is not None

    def load(self) -> tuple[InferenceSession, Tokenizer]:
        """Load the model, or return the one that is loaded."""
        with self._lock:
            if self._loaded is None:
                self._loaded = (open_session(reader_file(), threads=1), _load_tokenizer())
            return self._loaded

    def answers(self, question: str, sentences: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Whether each sentence answers the question: (len(sentences),) logits.

        `sentences` are (sentence, context); see `context_of`. Any text is scored, cut where it is
        too long.
        """
        return self._scores(question, sentences)[:, _ANSWERS]

    def supports(self, claim: str, quotes: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Whether each quote supports the claim: (len(quotes),) logits.

        `quotes` are (quote, context), as in `answers`.
        """
        return self._scores(claim, quotes)[:, _SUPPORTS]

    def _scores(self, question: str, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        wanted = [
            (question[:MAX_CHARS], sentence[:MAX_CHARS], context[:MAX_CHARS])
            for sentence, context in pairs
        ]
        # Another thread may empty what is kept at any time: this call has its own.
        known = {key: row for key in wanted if (row := self._known.get(key)) is not None}
        new = [key for key in dict.fromkeys(wanted) if key not in known]
        with step("reader", pairs=len(new)):
            known.update(zip(new, self._run(new), strict=True))
        if len(self._known) + len(new) > _REMEMBERED:
            self._known.clear()
        self._known.update((key, known[key]) for key in new)
        return np.array([known[key] for key in wanted], dtype=np.float32).reshape(-1, 2)

    def _run(self, texts: list[tuple[str, str, str]]) -> list[NDArray[np.float32]]:
        """Two logits for each (question, sentence, context)."""
        if not texts:
            return []
        session, tokenizer = self.load()
        encoded = tokenizer.encode_batch(
            [encodable(text) for three in texts for text in three], add_special_tokens=False
        )
        ids = [item.ids for item in encoded]
        feeds = [_feeds(*three) for three in zip(ids[::3], ids[1::3], ids[2::3], strict=True)]
        run = partial(session.run, ["scores"])
        workers = min(self._threads, len(feeds))
        if workers == 1:
            return [run(feed)[0][0] for feed in feeds]
        with ThreadPoolExecutor(workers) as pool:
            return [scores[0] for (scores,) in pool.map(run, feeds)]


def _load_tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tokenizer_file()))
    # The file pins truncation and padding to 128 tokens; here each part has its own limit.
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _feeds(question: list[int], sentence: list[int], context: list[int]) -> dict[str, object]:
    """One sequence: [CLS] question [SEP] sentence [SEP], and context [SEP] where there is one."""
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
