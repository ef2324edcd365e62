"""The average of two runs' weights, which is better than either; see SHARE_OF_SECOND."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def average(first: Path, second: Path, share: float, out: Path) -> Path:
    """Write a checkpoint of (1 - share) x the weights of `first` + share x those of `second`.

    Raises:
        ValueError: the two are not weights of one network.
    """
    import torch

    one, other = (
        torch.load(path, map_location="cpu", weights_only=True)["model"] for path in (first, second)
    )
    part = out.with_name(f"{out.name}.part")
    torch.save({"model": mixed(one, other, share)}, part)
    part.replace(out)
    return out


def mixed(one: Mapping[str, Any], other: Mapping[str, Any], share: float) -> dict[str, Any]:
    """(1 - share) x one + share x other, name by name; what is not a fraction comes from other.

    The values are tensors, or arrays of numpy.

    Raises:
        ValueError: they hold other names.
    """
    if one.keys() != other.keys():
        raise ValueError(f"not of one network: {sorted(one.keys() ^ other.keys())[:4]}")
    return {
        name: (1 - share) * one[name] + share * value if "float" in str(value.dtype) else value
        for name, value in other.items()
    }
