"""Sentence vectors for mining hard negatives: all-MiniLM-L6-v2, mean pooling, L2 norm."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from training.model import base_encoder, load_tokenizer


def embed(texts: Sequence[str], batch: int = 64, tokens: int = 96) -> NDArray[np.float16]:
    """(len(texts), 384) float16, each row of norm 1; texts are cut at `tokens`."""
    tokenizer = load_tokenizer()
    tokenizer.enable_truncation(tokens)
    tokenizer.enable_padding(pad_id=0)
    encoder = base_encoder().eval()
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    vectors = np.zeros((len(texts), 384), dtype=np.float16)
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        encoded = tokenizer.encode_batch([texts[i] for i in rows])
        ids = torch.tensor([e.ids for e in encoded])
        mask = torch.tensor([e.attention_mask for e in encoded])
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        weights = mask[:, :, None].float()
        pooled = (hidden * weights).sum(1) / weights.sum(1)
        vectors[rows] = torch.nn.functional.normalize(pooled, dim=1).numpy().astype(np.float16)
    return vectors
