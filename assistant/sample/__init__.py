"""The sample library: invented reports and a question set, written for this project.

Nothing in these articles happened. Some are set in Syria in 2017, others in countries that do
not exist; the outlets and the people are invented. Whatever shows them says so to the reader.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

EXAMPLES = (
    "who controls the Ithriyah-Resafa road?",
    "How many people died in the Belkorra market bombing?",
    "Did ISIS really capture two checkpoints on the Ithriya-Resafa road in July?",
    "When did Henrik Aubry resign?",
)
"""Questions that show what the library can answer, for the chat to offer."""


def articles_path() -> Path:
    """The folder of the sample articles (Markdown, plain text, HTML and JSONL)."""
    return _inside("articles")


def questions_path() -> Path:
    """The question set over the sample articles, one case a line (JSONL)."""
    return _inside("questions.jsonl")


def floors_path() -> Path:
    """The floors that the figures of the question set must hold (JSON)."""
    return _inside("floors.json")


def _inside(name: str) -> Path:
    # The package is installed as plain files (never run from a zip), so this is a real path.
    return Path(str(files(__name__).joinpath(name)))
