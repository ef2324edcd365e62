"""What the steps in a work folder were made from, so that none is reused with anything else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from training.recipe import Recipe

_STEPS = ("*.jsonl.gz", "*.pt", "*.npz", "*.part", "names.json")


def made_from(
    data: Path, articles: Sequence[Path], recipes: Sequence[Recipe], seed: int
) -> dict[str, Any]:
    """Seed, recipes, the sha256 of every set, and a digest of each folder of articles.

    The rules' own code is not part of it: after a change of it, take an empty folder too.

    Raises:
        SystemExit: there are no sets, or no articles.
    """
    if not any(data.glob("*.jsonl.gz")):
        raise SystemExit(f"{data}: no sets (*.jsonl.gz) are here")
    made = {
        "seed": seed,
        "recipes": [asdict(recipe) for recipe in recipes],
        "data": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(data.glob("*.jsonl.gz"))
        },
        "articles": [_articles(folder) for folder in articles],
    }
    as_kept: dict[str, Any] = json.loads(json.dumps(made))  # tuples become lists
    return as_kept


def check(work: Path, made: dict[str, Any]) -> None:
    """Note in `work` what its steps are made from; where it is noted already, compare.

    Raises:
        SystemExit: the folder holds steps of another origin, or of none that is noted.
    """
    work.mkdir(parents=True, exist_ok=True)
    note = work / "made_from.json"
    if note.exists():
        same = json.loads(note.read_text(encoding="utf-8")) == made
    else:
        same = not any(path for pattern in _STEPS for path in work.glob(pattern))
    if not same:
        raise SystemExit(
            f"{work}: this folder holds steps made from other data, seed or recipe: "
            "give an empty --work"
        )
    part = note.with_name("made_from.new")
    part.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    part.replace(note)


def _articles(folder: Path) -> dict[str, Any]:
    """A folder's last two names, and one digest of its files' names and contents."""
    found = hashlib.sha256()
    files = sorted(folder.glob("*.md"))
    if not files:
        raise SystemExit(f"{folder}: no articles (*.md) are here")
    for path in files:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        found.update(f"{path.name} {content}\n".encode())
    whole = folder.resolve()
    return {
        "folder": f"{whole.parent.name}/{whole.name}",
        "files": len(files),
        "sha256": found.hexdigest(),
    }
