"""`make bench`: every comparison, one after another. Takes about fifteen minutes."""

from __future__ import annotations

import subprocess
import sys

COMPARISONS = ["line", "extraction", "lists", "offline", "grounding", "long_document"]

for name in sys.argv[1:] or COMPARISONS:
    print(f"\n== {name}", flush=True)
    subprocess.run([sys.executable, "-m", f"bench.{name}"], check=True)
