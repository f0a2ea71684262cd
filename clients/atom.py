#!/usr/bin/env python3
"""ATOM from the command line, and for programs: one file, nothing but Python 3.11 or newer.

    export ATOM_URL=https://atom.example.org ATOM_KEY=atom_…
    python3 atom.py upload --wait minutes.pdf letter.txt
    python3 atom.py list --status failed
    python3 atom.py show ID
    python3 atom.py export ID --as md > minutes.md
    python3 atom.py watch ~/scans

A key is made on the page "Keys" of your ATOM. Ends with 0, with 1 where a document was refused or
failed, with 2 where the server or the request said no, with 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import mimetypes
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

AGAIN = {408, 425, 429, 500, 502, 503, 504}  # what may be another answer in a moment
NO_ENTRY = {401, 403}  # what every call is answered with this key
PATIENCE = 300.0  # seconds a call is tried again for
LONGEST_PAUSE = 30.0
WAIT = 30  # seconds for which the server waits for news before it says that there are none
SILENCE = 40.0  # seconds after which a server that says nothing is away
KINDS = {".pdf", ".txt"}
FINISHED = {"completed", "failed", "cancelled"}
FILTERS = ("status", "search", "external_id")  # of the list
LOOK_EVERY, REFUSED_PAUSE = 2.0, 60.0  # seconds, into a watched folder; until it is sent again
SEEN = ".atom-uploaded.json"  # in a watched folder: what was sent from there


class AtomError(Exception):
    """What went wrong, for people; `code` and `status` (0: no answer) are for programs."""

    def __init__(self, detail: str, code: str = "", status: int = 0, may_pass: bool = True) -> None:
        super().__init__(detail)
        self.code, self.status, self.may_pass = code, status, may_pass


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A key is for one server; where a redirect leads is not followed with it."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Atom:
    """The API of one server. Calls that may be repeated are, for `PATIENCE` seconds."""

    def __init__(self, url: str, key: str) -> None:
        if not url.startswith(("http://", "https://")):
            raise AtomError(f"{url} is no address of a server: it begins with http:// or https://.")
        self.url = url.rstrip("/")
        self._key = key
        self._opener = urllib.request.build_opener(_NoRedirect)

    def upload(
        self, name: str, content: bytes, language: str = "", key: str = "", external_id: str = ""
    ) -> Any:
        """The answer to the upload of one file. Sent again it is stored once, by its `key`."""
        boundary = uuid.uuid4().hex
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        name = name.replace("\\", "\\\\").replace('"', '\\"')  # A quoted string (RFC 2183).
        part = f"--{boundary}\r\nContent-Disposition: form-data; name="
        head = f'{part}"files"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
        parts = [head.encode(errors="replace"), content, b"\r\n"]
        for said, value in {"language": language, "external_id": external_id}.items():
            parts.append(f'{part}"{said}"\r\n\r\n{value}\r\n'.encode() if value else b"")
        parts.append(f"--{boundary}--\r\n".encode())
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        headers["Idempotency-Key"] = key or uuid.uuid4().hex
        # 422: nothing was taken; why is said for each file.
        return self.json("POST", "/upload", b"".join(parts), headers, fine=422)

    def documents(self, **filters: str) -> Iterator[dict[str, Any]]:
        """All documents that the filters of `GET /documents` let through, page by page."""
        given = {name: value for name, value in filters.items() if value}
        address = f"/documents?{urlencode({**given, 'page_size': 100})}"
        while address:
            page = self.json("GET", address)
            yield from page["results"]
            # Of its address the path: behind a proxy it may name itself differently.
            address = urlsplit(page["next"] or "")._replace(scheme="", netloc="").geturl()

    def document(self, document_id: uuid.UUID | str) -> Any:
        return self.json("GET", f"/documents/{document_id}")

    def export(self, document_id: uuid.UUID | str, form: str) -> bytes:
        """The current analysis as `json`, `md` or `csv`."""
        return self._call("GET", f"/documents/{document_id}/export?as={form}").read()

    def events(self, cursor: int) -> Iterator[dict[str, Any]]:
        """Every event after `cursor`, for ever, each as soon as it happens. `reset` is one, too."""
        while True:
            try:
                page = self.json("GET", f"/events?after={cursor}&wait={WAIT}")
            except (OSError, HTTPException):  # Cut in the middle of the answer.
                time.sleep(1)
                continue
            cursor = page["next"]
            if page["reset"]:
                yield {"event": "reset"}
            yield from page["events"]

    def wait(self, document_ids: set[str], cursor: int) -> Iterator[dict[str, Any]]:
        """The last event of each document, as it is finished or deleted."""
        left = set(document_ids)
        for event in self.events(cursor) if left else ():
            # After a reset something was missed: look at all of them.
            now = map(self._last, sorted(left)) if event["event"] == "reset" else [event]
            for each in now:
                which, is_gone = each["document_id"], each.get("event") == "deleted"
                if which in left and (is_gone or each["status"] in FINISHED):
                    left.remove(which)
                    yield each
            if not left:
                return

    def _last(self, document_id: str) -> Any:
        try:
            return self.document(document_id)
        except AtomError as error:
            if error.code == "not_found":
                return {"event": "deleted", "document_id": document_id}
            raise

    def json(self, method: str, path: str, *request: Any, fine: int = 200) -> Any:
        with self._call(method, path, *request, fine=fine) as answer:
            return json.load(answer)

    def _call(
        self, method: str, path: str, body: Any = None, headers: Any = None, *, fine: int = 200
    ) -> HTTPResponse:
        headers = {"Authorization": f"Bearer {self._key}", "Accept": "*/*", **(headers or {})}
        request = urllib.request.Request(self.url + path, body, headers, method=method)  # noqa: S310
        ends_at, pause = time.monotonic() + PATIENCE, 1.0
        while True:
            try:
                return self._opener.open(request, timeout=SILENCE)  # type: ignore[no-any-return]
            except urllib.error.HTTPError as refusal:
                if refusal.code == fine:
                    return refusal  # type: ignore[return-value]
                error, again = _refused(refusal), refusal.code in AGAIN
                after = refusal.headers.get("Retry-After", "")
                pause = float(after) if after.isdigit() else pause
            except (OSError, HTTPException) as broken:
                reason = getattr(broken, "reason", broken)
                error, again = AtomError(f"{self.url} does not answer: {reason}"), True
            if not again or time.monotonic() + pause > ends_at:
                raise error
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _refused(refusal: urllib.error.HTTPError) -> AtomError:
    try:
        problem = json.load(refusal)
        again = bool(problem.get("retryable"))
        return AtomError(str(problem["detail"]), str(problem["code"]), refusal.code, again)
    except (ValueError, KeyError, TypeError):  # Not ATOM: a proxy, or another server.
        return AtomError(f"The server answered {refusal.code} {refusal.reason}.", "", refusal.code)


# The command line.


def uploaded(atom: Atom, path: Path, *said: str, goes_on: bool = False) -> tuple[str, int, bool]:
    """Id of the document, blank where it is refused, cursor before it, whether to try again."""
    try:
        answer = atom.upload(path.name, path.read_bytes(), *said)
    except (AtomError, OSError, HTTPException) as refused:
        status = getattr(refused, "status", 400)
        if status in NO_ENTRY or not (goes_on or 400 <= status < 500):  # So would all others be.
            raise
        say(getattr(refused, "strerror", None) or refused, f"{path}: ")
        return "", 0, getattr(refused, "may_pass", True)
    errors = answer.get("errors", [answer])  # There are none where the whole request was refused.
    for error in errors:
        say(f"{path}: {error['detail']} [{error['code']}]")
    if not answer.get("uploaded"):
        return "", 0, any(error.get("retryable") for error in errors)
    [document] = answer["uploaded"]
    print(f"{document['id']}  {document['filename']}  {document['status']}", flush=True)
    return document["id"], answer["stream_cursor"], False


def upload(atom: Atom, asked: argparse.Namespace) -> int:
    sent = [uploaded(atom, path, asked.language, "", asked.external_id) for path in asked.files]
    waiting = {document_id: cursor for document_id, cursor, _ in sent if document_id}
    bad = len(sent) - len(waiting)
    if asked.wait and waiting:
        for event in atom.wait(set(waiting), min(waiting.values())):
            bad += not tell_end(event)
    return int(bad > 0)


def tell_end(event: dict[str, Any]) -> bool:
    """Print how a document ended; whether it was read."""
    failure, status = event.get("failure") or {}, event.get("status", "deleted")
    why = f": {failure['detail']} [{failure['code']}]" if failure else ""
    print(f"{event['document_id']}  {event.get('filename') or ''}  {status}{why}", flush=True)
    return bool(status == "completed")


def show_list(atom: Atom, asked: argparse.Namespace) -> int:
    for document in atom.documents(**{name: getattr(asked, name) for name in FILTERS}):
        if asked.json:
            print(json.dumps(document, ensure_ascii=False))
        else:
            print(document["id"], document["status"], document["filename"], sep="  ")
    return 0


def show(atom: Atom, asked: argparse.Namespace) -> int:
    document = atom.document(asked.id)
    if asked.json:
        print(json.dumps(document, ensure_ascii=False, indent=2))
        return 0
    print(document["filename"], document["status"])
    if failure := document["failure"]:
        print(f"{failure['detail']} {failure['advice']} [{failure['code']}]")
    if warning := document["warning"]:
        print(f"Warning: {warning['detail']}")
    if analysis := document["analysis"]:
        print(f"\n{analysis['summary']}\n\nTopics: {', '.join(analysis['topics'])}")
        print(f"Tone: {analysis['sentiment']}")
        for item in analysis["findings"]["actionable_items"]:
            print(task(item))
    return 0


def task(item: dict[str, Any]) -> str:
    who = f" ({item['assignee']})" if item["assignee"] else ""
    due = item["due_date"] or item["due_text"]
    quotes = "".join(f"\n      page {each['page']}: “{each['quote']}”" for each in item["evidence"])
    return f"  [{' x'[item['done']]}] {item['task']}{who}{f', {due}' if due else ''}{quotes}"


def export(atom: Atom, asked: argparse.Namespace) -> int:
    sys.stdout.buffer.write(atom.export(asked.id, asked.form))
    return 0


def watch(atom: Atom, asked: argparse.Namespace) -> int:
    """Upload what comes into a folder once it grows no more; files stay where they are."""
    kept, before = asked.folder / SEEN, dict[str, list[int]]()
    seen = json.loads(kept.read_text()) if kept.exists() else {}  # After a restart nothing twice.
    again_at = dict[str, float]()  # when a refused file is sent once more
    while True:
        is_still = True
        for path in sorted(asked.folder.glob("[!.]*")):
            last, now = before.get(path.name), size_and_time(path)
            before[path.name] = now
            if not now or now == seen.get(path.name, [])[:2]:
                continue
            if now != last:
                is_still = False
            elif time.monotonic() >= again_at.get(path.name, 0.0):
                # Of the file as it is now: after a lost answer no second document is made.
                key = hashlib.sha256(f"{path.resolve()}/{now}".encode(errors="replace"))
                said = (asked.language, key.hexdigest())
                document_id, _, again = uploaded(atom, path, *said, goes_on=not asked.once)
                if not again:
                    seen[path.name] = [*now, document_id]
                    kept.with_suffix(".new").write_text(json.dumps(seen, indent=1))
                    kept.with_suffix(".new").replace(kept)
                if not document_id:
                    again_at[path.name] = time.monotonic() + REFUSED_PAUSE
        if asked.once and is_still:
            return int(bool(again_at))
        time.sleep(LOOK_EVERY)


def size_and_time(path: Path) -> list[int]:
    """By which a change is seen; blank for what is no file to be sent, or gone meanwhile."""
    with suppress(OSError):
        if path.suffix.lower() in KINDS and path.is_file():
            return [path.stat().st_size, path.stat().st_mtime_ns]
    return []


def say(words: object, before: str = "") -> None:
    code = getattr(words, "code", "")
    print(f"{before}{words}{code and f' [{code}]'}", file=sys.stderr, flush=True)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="atom.py", description="ATOM from the command line.")
    parser.add_argument("--url", default=os.environ.get("ATOM_URL", "http://127.0.0.1:8000"))
    parser.add_argument("--key-file", type=Path, help="holds the key; otherwise $ATOM_KEY")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[Atom, argparse.Namespace], int], about: str) -> Any:
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(run=run)
        return added

    sub = command("upload", upload, "hand in files")
    sub.add_argument("files", nargs="+", type=Path)
    sub.add_argument("--language", default="", help="of the analysis; the document's own without")
    sub.add_argument("--external-id", default="", help="your own name for them")
    sub.add_argument("--wait", action="store_true", help="until all are finished")
    sub = command("list", show_list, "your documents, the newest first")
    for name in FILTERS:
        sub.add_argument(f"--{name.replace('_', '-')}", default="")
    sub.add_argument("--json", action="store_true", help="one document a line")
    sub = command("show", show, "what was found in a document")
    sub.add_argument("id", type=uuid.UUID)
    sub.add_argument("--json", action="store_true")
    sub = command("export", export, "the analysis of a document, on standard output")
    sub.add_argument("id", type=uuid.UUID)
    sub.add_argument("--as", dest="form", choices=["json", "md", "csv"], default="json")
    sub = command("watch", watch, "hand in what comes into a folder, until Ctrl-C")
    sub.add_argument("folder", type=Path)
    sub.add_argument("--language", default="")
    sub.add_argument("--once", action="store_true", help="end when all that is there is sent")
    return parser


def main(given: list[str] | None = None) -> int:
    asked = arguments().parse_args(given)
    try:
        key = asked.key_file.read_text().strip() if asked.key_file else os.environ.get("ATOM_KEY")
        if not key:
            raise AtomError('Set ATOM_KEY to a key, made on the page "Keys", or name a --key-file.')
        return int(asked.run(Atom(asked.url, key), asked))
    except (AtomError, OSError, UnicodeDecodeError) as error:
        say(error)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
