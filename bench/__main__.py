"""`make bench`: ATOM beside its rivals, in turns, and the tables of docs/performance.md.

    make bench                                     everything, about twenty-five minutes
    make bench ARGS=--short                        two minutes; prints, writes no page
    make bench ARGS="line story"                   some comparisons
    make bench ARGS="--before ../other/checkout"   an earlier state takes its turns as well

Also, by name only, what has no rival: limits.offline, quality.grounding, limits.long_document.
"""

from __future__ import annotations

import argparse
import importlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from bench.speed import report
from bench.speed.bench import Bench
from bench.speed.figures import SHORT, TINY, WHOLE, Row

COMPARISONS = [
    *("line", "story", "requests", "uploads", "growth", "standing", "extraction"),
    *("tracing", "pooler"),
]
ALONE = ["limits.offline", "quality.grounding", "limits.long_document"]


def main() -> None:
    given = _arguments()
    # So that servers and databases go, too, where it is cut short.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    scale = TINY if given.tiny else SHORT if given.short else WHOLE
    scale = replace(scale, repeats=given.rounds or scale.repeats)
    with tempfile.TemporaryDirectory(prefix="atom-bench-", dir=given.folder) as folder:
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # A stream takes one.
        before = given.before.resolve() if given.before else None
        bench = Bench(Path(folder), scale, rivals=given.rivals, before=before)
        for name in given.names or COMPARISONS:
            if name in ALONE:
                subprocess.run([sys.executable, "-m", f"bench.{name}"], check=True)
            else:
                _compare(name, bench, is_written=given.write or scale.sizes == WHOLE.sizes)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(COMPARISONS))
    parser.add_argument("--short", action="store_true", help="small sizes, one round")
    parser.add_argument("--rounds", type=int, help="instead of three, or of one with --short")
    parser.add_argument("--tiny", action="store_true", help=argparse.SUPPRESS)  # for a test
    parser.add_argument("--write", action="store_true", help="write the page with --short, too")
    parser.add_argument("--before", type=Path, help="a checkout of an earlier state")
    parser.add_argument("--rivals", default="", help="an interpreter that has the rivals")
    parser.add_argument(
        "--folder",
        default=os.environ.get("ATOM_BENCH_FOLDER"),
        help="where databases and files are put; its disk is part of what is measured",
    )
    given = parser.parse_args()
    if unknown := set(given.names) - {*COMPARISONS, *ALONE}:
        parser.error(f"no such comparison: {', '.join(sorted(unknown))}")
    return given


def _compare(name: str, bench: Bench, *, is_written: bool) -> None:
    comparison = importlib.import_module(f"bench.speed.comparisons.{name}")
    print(f"\n== {comparison.TITLE}, medians of {bench.scale.repeats}", flush=True)
    rows: list[Row] = []
    for row in comparison.compare(bench):
        print(report.line(row), flush=True)
        rows.append(row)
    if is_written:
        report.write(name, comparison.TITLE, comparison.NOTES, rows, bench.scale)


if __name__ == "__main__":
    main()
