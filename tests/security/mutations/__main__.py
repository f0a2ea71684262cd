"""Take each defence out, one at a time, and see the test that guards it fail: `make mutations`.

Works on a copy of the tree; the checkout is never touched. A mutation that no test notices, or
one that no longer fits the product, ends with exit code 1.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.security.mutations import MUTATIONS
from tests.security.mutations.mutants import Product, Stale
from tests.security.mutations.mutation import Mutation

ROOT = Path(__file__).parents[3]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "media", "__pycache__", ".hypothesis")


def main(*words: str) -> int:
    chosen = [
        each for each in MUTATIONS if not words or any(word in each.defence for word in words)
    ]
    assert chosen, "no defence has these words"
    with tempfile.TemporaryDirectory(prefix="atom-mutations-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
        (tree / "media").mkdir()
        product = Product(tree)
        product.normalize()
        assert _all_pass(tree, chosen), "a test fails with all defences in place"
        unnoticed = [each.defence for each in chosen if not _is_noticed(product, each)]
    print(f"\n{len(unnoticed)} not noticed" + "".join(f"\n  {each}" for each in unnoticed))
    return 1 if unnoticed else 0


def _all_pass(tree: Path, mutations: Sequence[Mutation]) -> bool:
    """A test that fails anyway would notice everything."""
    told = [mutation.test.partition("::") for mutation in mutations]
    files = sorted({file for file, _, _ in told})
    names = " or ".join(sorted({name for _, _, name in told}))
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *files, "-k", names]
    return subprocess.run(command, cwd=tree, check=False).returncode == 0


def _is_noticed(product: Product, mutation: Mutation) -> bool:
    began_at = time.monotonic()
    verdict = _verdict(product, mutation)
    took = time.monotonic() - began_at
    print(f"{verdict:<18} {took:5.1f} s  {mutation.defence:<48} {mutation.test}", flush=True)
    return verdict == "noticed"


def _verdict(product: Product, mutation: Mutation) -> str:
    try:
        path, mutant = product.mutant(mutation.where, mutation.change)
    except Stale as why:
        return str(why)
    text = path.read_text()
    path.write_text(mutant)
    try:
        return _run(mutation.test, product.root)
    finally:
        path.write_text(text)


def _run(test: str, tree: Path) -> str:
    file, _, names = test.partition("::")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", file, "-k", names]
    ended = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    # 1: a test failed. Everything else, such as a name that matches none, proves nothing.
    return {0: "NOT NOTICED", 1: "noticed"}.get(ended.returncode, f"EXIT {ended.returncode}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
