"""The training loop: groups -> weights. It saves itself now and then, and goes on from there."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from training.choose import choose
from training.groups import Pair, is_held_apart, read_groups
from training.model import CrossEncoder, join, load_tokenizer
from training.recipe import Recipe

_CONTEXT_KEPT = 0.6  # so that the model also scores a sentence that comes without one
_SAVE_EVERY = 240.0  # seconds
_WIDTH = 8  # tokens: a batch's width is a multiple


@dataclass(slots=True)
class _Encoded:
    ids: list[int]
    asked: int
    label: float
    group: int
    head: int


def fit(files: Sequence[Path], recipe: Recipe, checkpoint: Path, start: Path | None = None) -> Path:
    """Train on the groups of `files`, from the base weights or from those of `start`.

    Returns the checkpoint, which holds the moving average of the weights under "model". A run
    that was stopped goes on where it saved itself last, unless the recipe is another by now.
    """
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = CrossEncoder(recipe.dropout).to(device)
    if start is not None:
        model.load_state_dict(torch.load(start, map_location=device)["model"])
    average = {k: v.detach().clone() for k, v in model.state_dict().items()}
    optimizer = _optimizer(model, recipe)
    state = {"step": 0, "seconds": 0.0}
    part = checkpoint.with_suffix(".part")
    held = torch.load(part, map_location=device) if part.exists() else {}
    if held.get("recipe") == asdict(recipe):
        model.load_state_dict(held["raw"])
        optimizer.load_state_dict(held["optimizer"])
        average, state = held["model"], held["state"]
    batches = _plan(files, recipe)
    total = len(batches)
    print(f"{total} steps, {sum(len(b) for b in batches)} pairs, on {device}", flush=True)
    model.train()
    began, saved, told = time.monotonic(), time.monotonic(), time.monotonic()
    losses: list[float] = []
    for step in range(int(state["step"]), total):
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * _schedule(step, total, recipe.warm_up)
        torch.manual_seed(recipe.seed * 1_000_003 + step)  # the same after a resume
        loss = _loss(model, batches[step], recipe, device)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        _update(average, model, min(recipe.average, (step + 1) / (step + 10)))
        losses.append(float(loss.detach()))
        now = time.monotonic()
        if now - told > 60:
            rate = (step + 1 - state["step"]) / (now - began)
            left = (total - step - 1) / rate / 60
            mean = sum(losses[-200:]) / len(losses[-200:])
            print(f"step {step + 1}/{total} loss {mean:.4f} {left:.0f} min left", flush=True)
            told = now
        if now - saved > _SAVE_EVERY:
            spent = {"step": step + 1, "seconds": state["seconds"] + now - began}
            _save(
                part,
                average,
                recipe,
                spent,
                raw=model.state_dict(),
                optimizer=optimizer.state_dict(),
            )
            saved = now
    state = {"step": total, "seconds": state["seconds"] + time.monotonic() - began}
    _save(checkpoint, average, recipe, state)
    part.unlink(missing_ok=True)
    return checkpoint


def _save(
    path: Path, average: dict[str, torch.Tensor], recipe: Recipe, state: object, **more: object
) -> None:
    scratch = path.with_suffix(".new")
    torch.save({"model": average, "recipe": asdict(recipe), "state": state, **more}, scratch)
    scratch.replace(path)


def _optimizer(model: CrossEncoder, recipe: Recipe) -> torch.optim.AdamW:
    body = [p for p in model.encoder.parameters() if p.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": body, "lr": recipe.rate, "peak": recipe.rate},
            {"params": model.head.parameters(), "lr": recipe.head_rate, "peak": recipe.head_rate},
        ],
        weight_decay=recipe.weight_decay,
        fused=True,
    )


def _schedule(step: int, total: int, warm_up: float) -> float:
    rising = max(1, int(total * warm_up))
    return (step + 1) / rising if step < rising else max(0.0, (total - step) / (total - rising))


def _update(average: dict[str, torch.Tensor], model: CrossEncoder, decay: float) -> None:
    """An exponential moving average of the weights that are trained."""
    with torch.no_grad():
        for name, value in model.named_parameters():
            if value.requires_grad:
                average[name].lerp_(value, 1 - decay)


def _loss(
    model: CrossEncoder, batch: list[_Encoded], recipe: Recipe, device: torch.device
) -> torch.Tensor:
    """Binary cross-entropy of every pair, and of each group the cross-entropy of its positive."""
    # Few shapes: a kernel is compiled anew for each. Rows that hold nothing fill the batch.
    width = _rounded(batch)
    rows = max(len(batch), recipe.tokens // width)
    ids = torch.zeros(rows, width, dtype=torch.long)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    mask[:, 0] = 1
    for row, pair in enumerate(batch):
        ids[row, : len(pair.ids)] = torch.tensor(pair.ids)
        mask[row, : len(pair.ids)] = 1
        types[row, pair.asked : len(pair.ids)] = 1
    labels = torch.tensor([pair.label for pair in batch], device=device)
    heads = torch.tensor([pair.head for pair in batch], device=device)
    with torch.autocast(device.type, dtype=torch.bfloat16):
        logits = model(ids.to(device), mask.to(device), types.to(device))
    scores = logits[: len(batch)].float().gather(1, heads[:, None])[:, 0]
    each = torch.nn.functional.binary_cross_entropy_with_logits(scores, labels, reduction="none")
    weight = torch.where(heads == 1, recipe.support_weight, 1.0)
    loss = (each * weight).sum() / weight.sum()
    members: dict[int, list[int]] = {}
    for row, pair in enumerate(batch):
        members.setdefault(pair.group, []).append(row)
    lists = []
    for rows in members.values():
        positive = [i for i, row in enumerate(rows) if batch[row].label == 1]
        if len(positive) == 1 and len(rows) > 1:
            lists.append(-torch.log_softmax(scores[rows], dim=0)[positive[0]])
    return loss + recipe.list_weight * torch.stack(lists).mean() if lists else loss


def _plan(files: Sequence[Path], recipe: Recipe) -> list[list[_Encoded]]:
    """The batches of the whole run. Groups of like length share one, so that little is padding."""
    tokenizer = load_tokenizer()
    groups = [g for path in files for g in read_groups(path) if not is_held_apart(g)]
    shares = dict(recipe.shares)
    batches: list[list[_Encoded]] = []
    for epoch in range(math.ceil(recipe.epochs)):
        rng = random.Random(recipe.seed * 1000 + epoch)
        part = min(1.0, recipe.epochs - epoch)
        taken = [g for g in groups if rng.random() < shares.get(g.set, 1.0) * part]
        chosen = [choose(group, recipe, rng) for group in taken]
        whole = [(g.head, pairs) for g, pairs in zip(taken, chosen, strict=True) if pairs]
        encoded = list(_encode(whole, tokenizer, rng))
        batches += _batches(encoded, recipe.tokens, rng)
    return batches


def _encode(
    groups: list[tuple[int, list[Pair]]], tokenizer: Tokenizer, rng: random.Random
) -> Iterator[list[_Encoded]]:
    texts = {t for _, pairs in groups for p in pairs for t in (p.question, p.sentence, p.context)}
    order = list(texts)
    ids = {
        text: encoded.ids
        for text, encoded in zip(
            order, tokenizer.encode_batch(order, add_special_tokens=False), strict=True
        )
    }
    for number, (head, pairs) in enumerate(groups):
        keep = rng.random() < _CONTEXT_KEPT
        yield [
            _Encoded(*join(ids[p.question], ids[p.sentence], ids[p.context] if keep else []),
                     float(p.label), number, head)
            for p in pairs
        ]  # fmt: skip


def _rounded(pairs: Sequence[_Encoded]) -> int:
    return -(-max(len(pair.ids) for pair in pairs) // _WIDTH) * _WIDTH


def _batches(groups: list[list[_Encoded]], tokens: int, rng: random.Random) -> list[list[_Encoded]]:
    """Batches of whole groups with at most `tokens` tokens, padding included."""
    rng.shuffle(groups)
    groups.sort(key=lambda group: max(len(pair.ids) for pair in group) // 4)
    batches: list[list[_Encoded]] = [[]]
    width = 0
    for group in groups:
        wider = max(width, _rounded(group))
        if batches[-1] and wider * (len(batches[-1]) + len(group)) > tokens:
            batches.append([])
            wider = _rounded(group)
        batches[-1] += group
        width = wider
    rng.shuffle(batches)
    return batches
