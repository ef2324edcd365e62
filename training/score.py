"""Scores of a checkpoint, before it is exported: for validation and ablations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.model import CrossEncoder, join, load_tokenizer

_BATCH = 64


class Scorer:
    """Scores pairs with the weights of a checkpoint; what was scored before is remembered."""

    def __init__(self, checkpoint: Path) -> None:
        self._model = CrossEncoder()
        self._model.load_state_dict(torch.load(checkpoint, map_location="cpu")["model"])
        self._model.eval()
        self._tokenizer = load_tokenizer()
        self._known: dict[tuple[str, str, str], NDArray[np.float32]] = {}

    def answers(self, question: str, sentences: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """(n,) logits that each (sentence, context) answers the question."""
        return self.both([(question, *pair) for pair in sentences])[:, 0]

    def supports(self, claim: str, quotes: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """(n,) logits that each (quote, context) supports the claim."""
        return self.both([(claim, *pair) for pair in quotes])[:, 1]

    def both(self, pairs: Sequence[tuple[str, str, str]]) -> NDArray[np.float32]:
        """(n, 2) logits of (question or claim, sentence, context)."""
        new = [pair for pair in dict.fromkeys(pairs) if pair not in self._known]
        rows = [self._encode(pair) for pair in new]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            width = -(-max(len(rows[i][0]) for i in chosen) // 8) * 8
            ids = torch.zeros(len(chosen), width, dtype=torch.long)
            mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
            for row, i in enumerate(chosen):
                tokens, asked = rows[i]
                ids[row, : len(tokens)] = torch.tensor(tokens)
                mask[row, : len(tokens)] = 1
                types[row, asked : len(tokens)] = 1
            with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
                scores = self._model(ids, mask, types).float().numpy()
            for row, i in enumerate(chosen):
                self._known[new[i]] = scores[row]
        return np.array([self._known[pair] for pair in pairs]).reshape(-1, 2)

    def _encode(self, pair: tuple[str, str, str]) -> tuple[list[int], int]:
        parts = self._tokenizer.encode_batch([t[:4000] for t in pair], add_special_tokens=False)
        question, sentence, context = (part.ids for part in parts)
        return join(question, sentence, context)
