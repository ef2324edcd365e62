"""What keeping chats takes: thousands of them, searched, listed, opened, added to, deleted.

python -m tests.benchmarks.chats FOLDER [--chats 5000] [--turns 4] [--url postgresql://...]

FOLDER is made, and is to be deleted afterwards. An answer has ten passages of 200 words of chance.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assistant.chats import Chats, NewTurn
from assistant.chats.database import FILE
from assistant.settings import Settings
from assistant.types import Answer, Evidence, Passage
from tests.unit.made_chats import ARTICLE, answered

WORDS = [
    f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in ("rin", "sel", "tov", "mak")
]
REPEATS = 15


def an_answer(chance: random.Random) -> Answer:
    """An answer of the size that libraries give."""
    question = f"Who {' '.join(chance.choices(WORDS, k=7))}?"
    evidence = tuple(
        Evidence(
            Passage("marrat", ARTICLE.revision, text, 0, len(text), ()), ARTICLE, rank, 0.5, "rrf"
        )
        for rank in range(1, 11)
        for text in [" ".join(chance.choices(WORDS, k=200))]
    )
    made = answered(question, body=" ".join(chance.choices(WORDS, k=40)))
    return replace(made, evidence=evidence)


def timed(what: str, act: Callable[[], object]) -> None:
    """Print the median and the longest of some runs, in milliseconds."""
    took = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        act()
        took.append(1000 * (time.perf_counter() - started))
    print(f"{what:42} {statistics.median(took):8.1f} ms, at most {max(took):.1f}")


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--chats", type=int, default=5000)
    parser.add_argument("--turns", type=int, default=4)
    parser.add_argument("--url")
    given = parser.parse_args()
    given.folder.mkdir(parents=True)
    chance = random.Random(6)
    settings = Settings(
        chats_url=given.url,
        index_name=f"bench_{int(time.time())}",
        chats_per_user=given.chats + REPEATS,
        turns_per_chat=given.turns + REPEATS,
    )
    with Chats.open(given.folder, settings) as chats:
        started = time.perf_counter()
        last = ""
        for _ in range(given.chats):
            last = chats.new("anna").id
            for _ in range(given.turns):
                answer = an_answer(chance)
                chats.append("anna", last, NewTurn(answer.question, answer=answer))
        seconds = time.perf_counter() - started
        held = given.chats * given.turns
        print(f"{given.chats} chats of {given.turns} turns kept in {seconds:.0f} s", end="")
        if not given.url:
            size = (given.folder / FILE).stat().st_size
            print(f", {size / 1e6:.0f} MB, {size / held / 1e3:.1f} kB a turn", end="")
        print()
        rare = "zeppelin"
        chats.append("anna", last, NewTurn(f"Where is the {rare}?"))
        timed("list, first page", lambda: chats.chats("anna"))
        timed("list, last page", lambda: chats.chats("anna", offset=given.chats - 50))
        timed("count", lambda: chats.count("anna"))
        timed("search, a word of one chat", lambda: chats.chats("anna", rare))
        timed("search, a word of many chats", lambda: chats.chats("anna", WORDS[0]))
        timed("search, two words, one of them nowhere", lambda: chats.chats("anna", "bari nowhere"))
        timed("search by another owner", lambda: chats.chats("ben", rare))
        timed("open a chat", lambda: chats.chat("anna", last))
        answer = an_answer(chance)
        timed("append", lambda: chats.append("anna", last, NewTurn("And?", answer=answer)))
        timed("new and delete", lambda: chats.delete("anna", chats.new("anna").id))


if __name__ == "__main__":
    main()
