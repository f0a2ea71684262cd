"""Extraction beside another state of this project: processor time and wall clock, in turns.

    python bench/speed/extraction_beside.py FOLDER ROUNDS FILE...

FOLDER holds the other state, as `git worktree add` makes it. Each has one lasting process, so that
only reading is compared, and they take turns in being first. Processor time is that of the process
and its children. Figures are medians of the ratios: above 1, this state takes longer.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[2]
TYPES = {".pdf": "application/pdf", ".txt": "text/plain"}


class Reader:
    """A process that reads files with the code of one folder."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "--read-by", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read(self, path: str) -> dict[str, Any]:
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("The reader was started without pipes")
        print(path, file=self._process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def leave(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()


def answer(folder: str) -> None:
    """Read the files named on standard input; say in one line of JSON each what that took."""
    sys.path[0] = folder
    from documents.pipeline.extraction import read_document

    for line in sys.stdin:
        path = Path(line.strip())
        data, kind = path.read_bytes(), TYPES[path.suffix]
        cpu, wall = _processor_seconds(), time.perf_counter()
        reading = read_document(data, kind, on_page=lambda done, total: None)
        taken = {"cpu": _processor_seconds() - cpu, "wall": time.perf_counter() - wall}
        text = json.dumps([[page.text, page.condition] for page in reading.pages])
        print(json.dumps({**taken, "text": sha256(text.encode()).hexdigest()}), flush=True)


def _processor_seconds() -> float:
    own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def compare(other: Reader, this: Reader, path: str, rounds: int) -> str:
    ratios: dict[str, list[float]] = {"cpu": [], "wall": []}
    is_same = True
    for number in range(rounds):
        in_turn = (other, this) if number % 2 else (this, other)
        taken = {reader: reader.read(path) for reader in in_turn}
        for clock, found in ratios.items():
            found.append(taken[this][clock] / taken[other][clock])
        is_same = is_same and taken[this]["text"] == taken[other]["text"]
    cpu, wall = (statistics.median(found) for found in ratios.values())
    return f"{cpu:8.2f} {wall:8.2f}   {'same' if is_same else 'other'}   {path}"


def main() -> None:
    if sys.argv[1] == "--read-by":
        answer(sys.argv[2])
        return
    folder, rounds, *paths = sys.argv[1:]
    other, this = Reader(Path(folder).resolve()), Reader(HERE)
    for reader in (other, this):
        reader.read(paths[0])
    print("     cpu     wall   text   file")
    for path in paths:
        print(compare(other, this, path, int(rounds)), flush=True)
    other.leave()
    this.leave()


if __name__ == "__main__":
    main()
