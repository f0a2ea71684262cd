"""Ten megabytes of text read chunk by chunk, its worker killed three times on the way.

Run `python -m bench.limits.long_document [megabytes]`. The model server is the tests' stand-in, so
the seconds are ATOM's own. Prints what was asked, what was bought, what the worker's memory came
to, and everything in which the ledger differs from the server's journal.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
KILLS = 3
OPTIONS = ["--budget", "100", "--lease", "5"]


def main() -> None:
    megabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "ATOM_DATA_DIR": folder,
            "ATOM_ENV_FILE": os.devnull,
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "atom_project.settings",
        }
        import django

        django.setup()
        run(megabytes)


def run(megabytes: float) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command

    from accounts.models import User
    from bench.limits.offline import prose
    from documents.pipeline.analysis.chunks import estimate_tokens
    from documents.uploads import intake
    from tests.model_server import StandIn

    call_command("migrate", verbosity=0)
    text = prose(int(megabytes * 1024 * 1024) - 1)
    tokens = estimate_tokens(text)
    print(f"{len(text) / 1024**2:.1f} MB, {tokens:,} tokens by estimate", flush=True)
    owner = User.objects.create_user("bench", password="bench-bench")  # noqa: S106
    document = intake.receive(owner, [SimpleUploadedFile("long.txt", text.encode())]).documents[0]
    with StandIn() as model:
        model.delay = 0.2
        began = time.monotonic()
        peaks = [until_killed(model, tokens // 24_000 * n // (KILLS + 1)) for n in (1, 2, 3)]
        peaks.append(until_completed(model, document))
        seconds = time.monotonic() - began
        report(document, model.journal, peaks, seconds)


class Worker:
    """A worker process whose largest memory is watched."""

    def __init__(self, base_url: str) -> None:
        command = [sys.executable, "-m", "tests.programs.worker", "--model-server", base_url]
        self.process = subprocess.Popen([*command, *OPTIONS], cwd=ROOT)
        self.peak = 0
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while self.process.poll() is None:
            try:
                status = Path(f"/proc/{self.process.pid}/status").read_text()
            except OSError:
                return
            if found := re.search(r"^VmHWM:\s+(\d+)", status, re.MULTILINE):
                self.peak = int(found[1])
            time.sleep(0.05)

    def kill(self) -> int:
        self.process.kill()
        self.process.wait()
        return self.peak


def until_killed(model: Any, requests: int) -> int:
    worker = Worker(model.base_url)
    model.wait_for(max(requests, 1), seconds=600)
    return worker.kill()


def until_completed(model: Any, document: Any) -> int:
    """The third loss in a row fails a document; its owner tries again, and it goes on."""
    from documents import queue
    from documents.models import Status

    worker = Worker(model.base_url)
    while document.status != Status.COMPLETED:
        time.sleep(0.2)
        document.refresh_from_db()
        if document.status == Status.FAILED:
            print(f"failed: {document.failure['code']}, tried again", flush=True)
            queue.requeue(document)
    return worker.kill()


def report(document: Any, journal: list[Any], peaks: list[int], seconds: float) -> None:
    from documents.models import ModelCall
    from tests.analysis.accounting import differences, fingerprint

    coverage = document.current_analysis.coverage
    answered = ModelCall.objects.filter(state=ModelCall.State.ANSWERED)
    asked = Counter(fingerprint(entry["body"]) for entry in journal)
    print(f"{seconds:.0f} s with {KILLS} kills")
    print(f"pages {coverage['pages_read']} of {coverage['pages_total']}, {coverage['not_read']}")
    print(f"requests {len(journal)}, different {len(asked)}, answered {answered.count()}")
    print(f"asked for again: {sum(asked.values()) - len(asked)}, at most {4 * KILLS} in flight")
    print(f"worker memory, MB: {', '.join(f'{peak / 1024:.0f}' for peak in peaks)}")
    print(f"cost: {document.current_analysis.cost_usd} USD")
    print(f"differences to the journal: {differences(journal, ModelCall.objects.all(), kills=3)}")


if __name__ == "__main__":
    main()
