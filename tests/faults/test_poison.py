"""Documents that break whatever reads them: the child process dies, the worker does not notice."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from reportlab.pdfgen.canvas import Canvas

from accounts.models import User
from documents import queue
from documents.models import Document, Status
from documents.pipeline.extraction import sandbox
from documents.uploads import intake
from documents.worker import Worker
from tests.engines import FirstWords
from tests.faults import sanity

pytestmark = pytest.mark.django_db(transaction=True)

CHILDREN = {
    "segfault": ("import ctypes; ctypes.string_at(0)", "crashed"),
    "abort": ("import os; os.abort()", "crashed"),
    "kill": ("import os; os.kill(os.getpid(), 9)", "crashed"),
    "endless loop": ("while True: pass", "timed_out"),
    "sleep for ever": ("import time; time.sleep(9999)", "timed_out"),
    "memory bomb": (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))\n"
        "held = []\nwhile True: held.append(bytearray(1 << 24))",
        "crashed",
    ),
    "nonsense": ("print('{\"page')", "crashed"),
    "endless output": ("while True: print('{\"number\": 1}')", "crashed"),
}


@pytest.mark.row(
    "a document that kills what reads it",
    "a child in place of the parser: segfault, abort, loop, sleep, memory, nonsense",
    "it fails with its own code at the first attempt; the worker reads on; no child stays",
)
@pytest.mark.parametrize("kind", CHILDREN)
def test_a_poisonous_document(
    kind: Any, alice: User, upload: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, code = CHILDREN[kind]
    child = tmp_path / "child.py"
    child.write_text(f"import sys\n{program}\n")
    monkeypatch.setattr(sandbox, "_CHILD", child)
    monkeypatch.setattr("documents.pipeline.extraction.pdf.SECONDS", 2)
    monkeypatch.setattr("documents.pipeline.extraction.second_opinion.SECONDS", 2)
    [poison] = intake.receive(alice, [SimpleUploadedFile("a.pdf", one_page())]).documents
    healthy = upload()
    me = Worker(slots=1, engine=FirstWords())
    while me.work_once():
        pass
    poison.refresh_from_db()
    healthy.refresh_from_db()
    assert (poison.status, poison.failure["code"], poison.attempts) == (Status.FAILED, code, 1)
    assert healthy.status == Status.COMPLETED
    assert not [path for path in Path("/proc").glob("[0-9]*/cmdline") if _runs(path, child)]
    monkeypatch.undo()
    queue.requeue(poison)
    assert me.work_once()
    assert Document.objects.get(pk=poison.pk).status == Status.COMPLETED
    sanity.assert_sane(settled=True)


def one_page() -> bytes:
    file = BytesIO()
    page = Canvas(file)
    page.drawString(72, 720, "The committee met in May and is to meet again in June.")
    page.save()
    return file.getvalue()


def _runs(cmdline: Path, child: Path) -> bool:
    try:
        return str(child).encode() in cmdline.read_bytes()
    except OSError:
        return False
