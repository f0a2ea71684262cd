"""Take each defence out, one at a time, and see the test that guards it fail: `make mutations`.

Works on a copy of the tree; the checkout is never touched. A mutation that no test notices, or
one whose line is gone, ends with exit code 1.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.security.mutations.mutation import Mutation
from tests.security.mutations.words import PEOPLE, PROGRAMS, REST, STATES, WORDS

ROOT = Path(__file__).parents[3]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "media", "__pycache__", ".hypothesis")


S = "tests/security"
MUTATIONS = [
    *WORDS,
    *STATES,
    *PEOPLE,
    *PROGRAMS,
    *REST,
    Mutation(
        "documents belong to their owner",
        "documents/models.py",
        "        return self.filter(owner=user)",
        "        return self.all()",
        f"{S}/test_every_address.py::second_user",
    ),
    Mutation(
        "action items belong to the document's owner",
        "documents/models.py",
        ".filter(analysis__document__owner=user)",
        "",
        f"{S}/test_every_address.py::second_user",
    ),
    Mutation(
        "an item is looked for under its own document",
        "documents/dashboard/views.py",
        "ActionItem.objects.filter(pk=item_id, analysis__document=document)",
        "ActionItem.objects.filter(pk=item_id)",
        f"{S}/test_every_address.py::only_found_under_its_own",
    ),
    Mutation(
        "pages want a login",
        "atom_project/settings.py",
        '    "django.contrib.auth.middleware.LoginRequiredMiddleware",\n',
        "",
        f"{S}/test_every_address.py::asked_who_he_is",
    ),
    Mutation(
        "the API wants a login",
        "atom_project/settings.py",
        "rest_framework.permissions.IsAuthenticated",
        "rest_framework.permissions.AllowAny",
        f"{S}/test_every_address.py::asked_who_he_is",
    ),
    Mutation(
        "forms carry a token",
        "atom_project/settings.py",
        '    "django.middleware.csrf.CsrfViewMiddleware",\n',
        "",
        f"{S}/test_every_address.py::without_the_token_of_a_form",
    ),
    Mutation(
        "pages bind the browser to a policy",
        "atom_project/settings.py",
        '    "csp.middleware.CSPMiddleware",\n',
        "",
        f"{S}/test_every_address.py::headers_that_bind",
    ),
    Mutation(
        "the policy lets only our scripts run",
        "atom_project/settings.py",
        '"script-src": [SELF]',
        '"script-src": [SELF, "\'unsafe-inline\'"]',
        f"{S}/test_every_address.py::headers_that_bind",
    ),
    Mutation(
        "no type is guessed",
        "atom_project/settings.py",
        "X_FRAME_OPTIONS =",
        "SECURE_CONTENT_TYPE_NOSNIFF = False\nX_FRAME_OPTIONS =",
        f"{S}/test_every_address.py::headers_that_bind",
    ),
    Mutation(
        "no other site reads static files",
        "atom_project/settings.py",
        "WHITENOISE_ALLOW_ALL_ORIGINS = False",
        "WHITENOISE_ALLOW_ALL_ORIGINS = True",
        f"{S}/test_every_address.py::static_files",
    ),
    Mutation(
        "odd methods are refused",
        "atom_project/settings.py",
        '    "atom_project.middleware.KnownMethods",\n',
        "",
        f"{S}/test_every_address.py::methods_nobody_uses",
    ),
    Mutation(
        "answers about documents are not cached",
        "documents/api/access.py",
        '        answer["Cache-Control"] = "no-store, private"\n',
        "",
        f"{S}/test_every_address.py::kept_by_no_cache",
    ),
    Mutation(
        "a sign-in makes a new session",
        "accounts/views.py",
        "        self.request.session.flush()\n",
        "",
        f"{S}/test_sessions.py::changes_at_each_sign_in",
    ),
    Mutation(
        "sessions end when idle",
        "accounts/sessions.py",
        "    return is_idle or",
        "    return",
        f"{S}/test_sessions.py::eight_hours",
    ),
    Mutation(
        "sessions end after a week",
        "accounts/sessions.py",
        "now - began_at > settings.SESSION_COOKIE_AGE",
        "False",
        f"{S}/test_sessions.py::for_a_week",
    ),
    Mutation(
        "passwords have twelve characters",
        "atom_project/settings.py",
        '"OPTIONS": {"min_length": 12}',
        '"OPTIONS": {"min_length": 1}',
        f"{S}/test_sessions.py::need_length",
    ),
    Mutation(
        "cookies are out of reach of scripts",
        "atom_project/settings.py",
        "CSRF_COOKIE_HTTPONLY = True",
        "CSRF_COOKIE_HTTPONLY = False",
        f"{S}/test_sessions.py::out_of_reach",
    ),
    Mutation(
        "tokens have an issuer",
        "atom_project/settings.py",
        '    "ISSUER": "atom",\n',
        "",
        "tests/accounts/test_tokens.py::forged_or_confused",
    ),
    Mutation(
        "tokens have a key of their own",
        "atom_project/settings.py",
        '"SIGNING_KEY": JWT_SECRET_KEY',
        '"SIGNING_KEY": SECRET_KEY',
        "tests/accounts/test_tokens.py::forged_or_confused",
    ),
    Mutation(
        "a token is dead when its login has ended",
        "accounts/tokens.py",
        "    if not login.is_live:",
        "    if False:",
        "tests/accounts/test_login_api.py::ends_both_tokens",
    ),
    Mutation(
        "an old refresh token ends its login",
        "accounts/tokens.py",
        "        end(login)\n        raise",
        "        raise",
        "tests/accounts/test_login_api.py::only_the_newest_refresh",
    ),
    Mutation(
        "wrong logins are counted by name",
        "accounts/throttles.py",
        "    return [*receipts, take(subject, WRONG_LOGINS)]",
        "    return receipts",
        "tests/accounts/test_throttles.py::eleventh_wrong_login",
    ),
    Mutation(
        "wrong logins are counted by address",
        "accounts/throttles.py",
        '    receipts = [take(f"login-from:{place}", WRONG_LOGINS)]',
        "    receipts: list[str] = []",
        "tests/accounts/test_throttles.py::eleventh_wrong_login",
    ),
    Mutation(
        "a forwarded address is believed of a proxy only",
        "accounts/throttles.py",
        "    if settings.ATOM_TRUSTED_PROXY and ",
        "    if True or ",
        "tests/accounts/test_throttles.py::forwarded_address",
    ),
    Mutation(
        "the server believes no proxy either",
        "atom_project/serving.py",
        '    return ("--no-proxy-headers",)',
        '    return ("--proxy-headers",)',
        "tests/project/test_up.py::believes_no_stranger",
    ),
    Mutation(
        "two lengths are refused",
        "atom_project/body_limit.py",
        '        if announced is not None and self._header(b"transfer-encoding") is not None:',
        "        if False:",
        f"{S}/test_wire.py::two_ways",
    ),
    Mutation(
        "strangers send little",
        "atom_project/body_limit.py",
        "        if size <= self._limit:",
        "        if size <= 2**40:",
        "tests/project/test_body_limit.py::stranger",
    ),
    Mutation(
        "deep JSON is no accident",
        "atom_project/problems.py",
        "        except RecursionError:",
        "        except MemoryError:",
        f"{S}/test_injection.py::json_of_any_shape",
    ),
    Mutation(
        "content agrees with the ending",
        "documents/uploads/validators.py",
        "    if content_type == PDF and not is_pdf:",
        "    if False:",
        "tests/uploads/test_upload.py::each_kind_of_bad_file",
    ),
    Mutation(
        "files are stored under a safe name",
        "documents/uploads/validators.py",
        '    stem = re.sub(r"[^\\w-]+", "_", plain).strip("_") or "document"',
        '    stem = plain or "document"',
        "tests/uploads/test_hostile_uploads.py::stored_safely",
    ),
    Mutation(
        "served files cannot run",
        "documents/api/exports.py",
        "; sandbox",
        "",
        "tests/api/test_documents.py::cannot_run",
    ),
    Mutation(
        "cells are no formulas",
        "documents/api/exports.py",
        'FORMULA = re.compile(r"^\\s*[=+\\-@＝＋－＠]|^[\\t\\r\\n]")',
        'FORMULA = re.compile(r"^never$")',
        "tests/api/test_exports.py::no_cell_is_a_formula",
    ),
    Mutation(
        "documents that wait are counted",
        "documents/quotas.py",
        "        if self.documents < 1:",
        "        if False:",
        "tests/uploads/test_quotas.py::quota or come_at_once or wait_as_may",
    ),
    Mutation(
        "bytes are counted",
        "documents/quotas.py",
        "        if self.bytes < size:",
        "        if False:",
        "tests/uploads/test_quotas.py::bytes_are_counted",
    ),
    Mutation(
        "a retry keeps the quota",
        "documents/api/views.py",
        "queue.requeue(self.own_document(), within_quota=True)",
        "queue.requeue(self.own_document())",
        "tests/uploads/test_quotas.py::no_way_around",
    ),
    Mutation(
        "log lines stay one line",
        "atom_project/logs.py",
        "    if text.isprintable():",
        "    if True:",
        f"{S}/test_injection.py::forge_a_line",
    ),
    Mutation(
        "secrets are for their owner only",
        "documents/operations/doctor.py",
        "0o077",
        "0",
        "tests/test_doctor.py::secrets_that_others",
    ),
    Mutation(
        "stored files are for their owner only",
        "atom_project/settings.py",
        "FILE_UPLOAD_PERMISSIONS = 0o600",
        "FILE_UPLOAD_PERMISSIONS = 0o644",
        f"{S}/test_documented.py::stored_for_their_owner",
    ),
]


def main(*chosen: str) -> int:
    with tempfile.TemporaryDirectory(prefix="atom-mutations-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
        (tree / "media").mkdir()
        assert _all_pass(tree), "a test fails with all defences in place"
        unnoticed = [
            mutation.defence
            for mutation in MUTATIONS
            if not chosen or any(word in mutation.defence for word in chosen)
            if not _is_noticed(tree, mutation)
        ]
    print(f"\n{len(unnoticed)} not noticed" + "".join(f"\n  {each}" for each in unnoticed))
    return 1 if unnoticed else 0


def _all_pass(tree: Path) -> bool:
    """A test that fails anyway would notice everything."""
    told = [mutation.test.partition("::") for mutation in MUTATIONS]
    files = sorted({file for file, _, _ in told})
    names = " or ".join(sorted({name for _, _, name in told}))
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *files, "-k", names]
    return subprocess.run(command, cwd=tree, check=False).returncode == 0


def _is_noticed(tree: Path, mutation: Mutation) -> bool:
    path = tree / mutation.path
    text = path.read_text()
    began_at = time.monotonic()
    if mutation.line not in text:
        verdict = "its line is gone"
    else:
        path.write_text(text.replace(mutation.line, mutation.instead))
        verdict = _verdict(tree, mutation.test)
        path.write_text(text)
    took = time.monotonic() - began_at
    print(f"{verdict:<18} {took:5.1f} s  {mutation.defence:<48} {mutation.test}", flush=True)
    return verdict == "noticed"


def _verdict(tree: Path, test: str) -> str:
    file, _, names = test.partition("::")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", file, "-k", names]
    ended = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    # 1: a test failed. Everything else, such as a name that matches none, proves nothing.
    return {0: "NOT NOTICED", 1: "noticed"}.get(ended.returncode, f"EXIT {ended.returncode}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
