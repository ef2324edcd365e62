"""Dateline beside its peers: python -m tests.benchmarks.peers --data DIR --work DIR --out DIR.

DIR of `--data` holds the development sets; `--work` gets virtual environments, stores and the
measured figures; `--out` the table, the README's block and the plot. What is measured stands in
`declared.py`, how each system is used in its adapter. `--only` and `--rows` measure a part.
`--quick` takes a few questions, to see that everything runs.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from assistant.models.minilm import MiniLMEmbedding
from tests.benchmarks.peers import declared, page, plots
from tests.benchmarks.peers.endpoint import Embed, Endpoint
from tests.benchmarks.peers.measure import Bench, Found, run
from tests.benchmarks.peers.process import Kind
from tests.benchmarks.peers.sets import load_set

PARTS = ("retrieval", "answers", "cost")
COMMAND = "python -m tests.benchmarks.peers --data DIR --work DIR --out docs"
INTERVALS = (
    "A peer's cell: its value, in brackets the 95 % interval of Dateline's less its (paired "
    f"bootstrap over the questions, {declared.RESAMPLES:,} resamples); a star where that leaves "
    "out nought."
)


def main(
    argv: Sequence[str] | None = None,
    kinds: Sequence[Kind] | None = None,
    embed: Embed | None = None,
) -> int:
    """Measure, write, print. `kinds` and `embed` are for the tests."""
    arguments = _parser().parse_args(argv)
    arguments.work.mkdir(parents=True, exist_ok=True)
    arguments.out.mkdir(parents=True, exist_ok=True)
    # NLTK's sentence data, which LlamaIndex's package brings, for the peers that would fetch it.
    spec = importlib.util.find_spec("llama_index.core")
    assert spec is not None and spec.origin is not None
    os.environ["NLTK_DATA"] = str(Path(spec.origin).parent / "_static" / "nltk_cache")
    quick, small = arguments.quick, arguments.small
    limits = declared.QUICK if quick else declared.SMALL if small else {}
    sets = {
        name: load_set(arguments.data, name, arguments.work, limits.get(name))
        for name in declared.RETRIEVAL_SETS
        if name in arguments.sets
    }
    load, file = os.getloadavg()[0], arguments.work / "measured.json"
    embed = embed or MiniLMEmbedding().embed
    with Endpoint(embed, cache=arguments.work / "vectors.sqlite") as endpoint:
        bench = Bench(
            endpoint,
            embed,
            sets,
            arguments.work.resolve(),
            arguments.rows,
            cold=1 if quick else declared.COLD,
            rounds=1 if quick or small else declared.ROUNDS,
            indexed=5 if quick else declared.SMALL_INDEXED if small else declared.INDEXED,
            keep=arguments.keep,
        )
        chosen = _chosen(kinds or _all(), arguments.only)
        run(bench, chosen, lambda found: _keep(found, file, arguments.keep))
    found = {name: Found(**one) for name, one in json.loads(file.read_text()).items()}
    titles = {kind.name: kind.title for kind in kinds or _all()}
    command = COMMAND + " --small" * small + " --keep" * arguments.keep
    _write(found, titles, arguments.out, command, (load, os.getloadavg()[0]))
    return 0


def _all() -> list[Kind]:
    return [*declared.KINDS, declared.OWN, declared.PLAIN, declared.PLAIN_OWN]


def _chosen(kinds: Sequence[Kind], only: Sequence[str]) -> list[Kind]:
    return [kind for kind in kinds if not only or kind.name in only]


def _keep(found: dict[str, Found], file: Path, earlier: bool) -> None:
    """Put what was found into the file of figures; `earlier`: beside what it has."""
    kept = json.loads(file.read_text()) if earlier and file.exists() else {}
    for name, one in found.items():
        before = kept.get(name, {})
        new = asdict(one)
        for part in ("counts", "cost"):
            new[part] = {**before.get(part, {}), **new[part]}
        kept[name] = new
    file.write_text(json.dumps(kept), encoding="utf-8")


def _write(
    found: dict[str, Found],
    titles: dict[str, str],
    out: Path,
    command: str,
    load: tuple[float, float],
) -> None:
    titles = {name: title for name, title in titles.items() if name in found}
    plain = {declared.PLAIN.name, declared.PLAIN_OWN.name}
    shown = {name: title for name, title in titles.items() if name not in plain}
    compared = {name: title for name, title in shown.items() if name != declared.OWN.name}
    about = {
        "command": command,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": (
            f"{platform.system()}, {os.cpu_count()} cores; processes running when it (or its "
            f"last part) began and ended: {load[0]:.1f} and {load[1]:.1f}."
        ),
        "python": platform.python_version(),
        "intervals": INTERVALS,
    }
    text = page.page(found, about, shown)
    (out / "peers-table.md").write_text(text, encoding="utf-8")
    block = page.readme_block(found, compared)
    (out / "peers-readme.md").write_text(block, encoding="utf-8")
    plots.plot(found, compared, out / "peers.svg")
    print(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.peers")
    parser.add_argument("--data", type=Path, required=True, help="folder of the development sets")
    parser.add_argument("--work", type=Path, required=True, help="environments, stores, figures")
    parser.add_argument("--out", type=Path, required=True, help="table, README's block, plot")
    parser.add_argument("--only", action="append", default=[], help="a system; may be repeated")
    parser.add_argument("--rows", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument(
        "--sets", nargs="+", choices=declared.RETRIEVAL_SETS, default=declared.RETRIEVAL_SETS
    )
    parser.add_argument("--small", action="store_true", help="less of the large sets")
    parser.add_argument("--quick", action="store_true", help="a few questions")
    parser.add_argument(
        "--keep", action="store_true", help="use the stores and figures that are there"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
