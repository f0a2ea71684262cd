"""Mutations of what keeps words words, people apart and secrets secret."""

from __future__ import annotations

from tests.security.mutations.mutation import Mutation

S = "tests/security"
SOURCE = f"{S}/test_injection.py::source_does_without"
OURS = "from __future__ import annotations\n"
HEAD = '  <meta charset="utf-8">\n'

WORDS = [
    Mutation(
        "names leave as text",
        "templates/documents/_document_row.html",
        "<bdi>{{ document.filename }}</bdi>",
        "<bdi>{{ document.filename|safe }}</bdi>",
        "tests/dashboard/test_strictness.py::hostile_words",
    ),
    Mutation(
        "claims leave as text",
        "templates/documents/_analysis.html",
        '<p dir="auto">{{ point.text }}</p>',
        '<p dir="auto">{{ point.text|safe }}</p>',
        "tests/dashboard/test_strictness.py::hostile_words",
    ),
    Mutation(
        "no words of a document become Markdown",
        "documents/api/exports.py",
        'MARKUP = re.compile(r"([\\\\`*_\\[\\]<>#|~&!])")',
        'MARKUP = re.compile(r"(never)")',
        "tests/api/test_exports.py::become_markup",
    ),
    Mutation(
        "no page asks another machine",
        "templates/base.html",
        HEAD,
        HEAD + '  <link rel="stylesheet" href="https://cdn.example.org/a.css">\n',
        "tests/dashboard/test_strictness.py::no_page_asks",
    ),
    Mutation(
        "no script stands in a page",
        "templates/base.html",
        HEAD,
        HEAD + "  <script>let a = 1</script>\n",
        "tests/dashboard/test_strictness.py::no_page_has_inline",
    ),
    Mutation(
        "styles ask no other machine",
        "static/css/base.css",
        "@layer reset, base",
        "@import url(https://fonts.example.org/a.css);\n@layer reset, base",
        "tests/dashboard/test_strictness.py::styles_and_scripts",
    ),
    Mutation(
        "a search is no pattern",
        "documents/models.py",
        "Q(filename__icontains=words)",
        "Q(filename__iregex=words)",
        f"{S}/test_injection.py::finds_its_characters",
    ),
    Mutation(
        "scripts write no markup",
        "static/js/print-page.js",
        "class PrintPage",
        "document.body.innerHTML = ''\nclass PrintPage",
        SOURCE,
    ),
    Mutation(
        "scripts keep nothing",
        "static/js/print-page.js",
        "class PrintPage",
        "localStorage.a = 1\nclass PrintPage",
        SOURCE,
    ),
    Mutation(
        "no markup from Python",
        "documents/results.py",
        OURS,
        OURS + "from django.utils.safestring import mark_safe\n",
        SOURCE,
    ),
    Mutation(
        "nothing is unpickled", "documents/results.py", OURS, OURS + "import pickle\n", SOURCE
    ),
    Mutation("no XML is read", "documents/results.py", OURS, OURS + "import xml.dom\n", SOURCE),
    Mutation(
        "no weak hash",
        "documents/results.py",
        OURS,
        OURS + "from hashlib import md5\n",
        SOURCE,
    ),
    Mutation(
        "no shell",
        "documents/pipeline/extraction/sandbox.py",
        "        start_new_session=True,\n",
        "        start_new_session=True,\n        shell=True,\n",
        SOURCE,
    ),
    Mutation(
        "an unknown status is refused",
        "documents/api/lists.py",
        "    if status not in Status.values:",
        "    if False:",
        "tests/api/test_lists.py::unknown_status",
    ),
    Mutation(
        "names in headers are quoted",
        "documents/api/exports.py",
        "content_disposition_header(True, filename)",
        "f'attachment; filename=\"{filename}\"'",
        "tests/api/test_exports.py::within_its_quotes",
    ),
]

STATES = [
    Mutation(
        "only finished documents are tried again",
        "documents/queue.py",
        "        if not current.is_finished:\n            raise NotFinished",
        "        if False:\n            raise NotFinished",
        "tests/api/test_documents.py::cannot_be_tried_again",
    ),
    Mutation(
        "finished documents are not cancelled",
        "documents/queue.py",
        "        if current.is_finished:\n            raise AlreadyFinished",
        "        if False:\n            raise AlreadyFinished",
        "tests/api/test_documents.py::cannot_be_cancelled",
    ),
    Mutation(
        "an upload with a key is stored once",
        "documents/uploads/intake.py",
        "    if not key:\n",
        "    if True:\n",
        "tests/uploads/test_idempotency.py::sent_at_once",
    ),
    Mutation(
        "requests are counted",
        "accounts/throttles.py",
        "REQUESTS = 600 ",
        "REQUESTS = 6_000_000 ",
        "tests/accounts/test_throttles.py::600_requests",
    ),
    Mutation(
        "uploads are counted",
        "accounts/throttles.py",
        "UPLOADS = 60\n",
        "UPLOADS = 6_000_000\n",
        "tests/accounts/test_throttles.py::uploads_are_counted",
    ),
]

PEOPLE = [
    Mutation(
        "cookies are secure under https",
        "atom_project/settings.py",
        "SESSION_COOKIE_SECURE = IS_HTTPS",
        "SESSION_COOKIE_SECURE = False",
        f"{S}/test_documented.py::strict_cookies",
    ),
    Mutation(
        "HSTS lasts a year",
        "atom_project/settings.py",
        "SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0",
        "SECURE_HSTS_SECONDS = 0",
        f"{S}/test_documented.py::strict_cookies",
    ),
    Mutation(
        "a foreign host is refused",
        "atom_project/settings.py",
        "    *LOCAL_HOSTS,\n    *([ATOM_HOST]",
        '    "*",\n    *([ATOM_HOST]',
        f"{S}/test_wire.py::host_that_is_not_ours",
    ),
    Mutation(
        "nothing is debugged in public",
        "atom_project/settings.py",
        "DEBUG = False\n",
        "DEBUG = True\n",
        f"{S}/test_documented.py::debugging_is_off",
    ),
    Mutation(
        "a short token key stops the start",
        "atom_project/settings.py",
        "if len(JWT_SECRET_KEY.encode()) < 32:",
        "if False:",
        f"{S}/test_documented.py::short_key_stops",
    ),
    Mutation(
        "a stranger keeps nobody out",
        "accounts/throttles.py",
        '    subject = f"login-of:{name}@{place}" if is_familiar else f"login-of:{name}"',
        '    subject = f"login-of:{name}"',
        "tests/accounts/test_throttles.py::does_not_keep_somebody_out",
    ),
    Mutation(
        "the old password is not guessed at leisure",
        "accounts/views.py",
        "            throttles.take_password_change(request)",
        "            pass",
        "tests/accounts/test_throttles.py::old_password_cannot_be_guessed",
    ),
    Mutation(
        "the known password is not served",
        "documents/management/commands/up.py",
        "        if not demo.is_allowed() and demo.stands():",
        "        if False:",
        "tests/project/test_up.py::known_password",
    ),
    Mutation(
        "signing out clears the browser",
        "accounts/views.py",
        '        response["Clear-Site-Data"]',
        '        response["X-Nothing"]',
        f"{S}/test_sessions.py::signing_out_ends_the_session",
    ),
    Mutation(
        "deactivation ends every login",
        "accounts/models.py",
        "        if not self.is_active:\n",
        "        if False:\n",
        "tests/accounts/test_tokens.py::stays_out_after_reactivation",
    ),
    Mutation(
        "whether a user is active is looked up each time",
        "accounts/models.py",
        "            and self.user.is_active\n",
        "",
        "tests/accounts/test_tokens.py::behind_our_back",
    ),
    Mutation(
        "a new password ends other logins",
        "accounts/models.py",
        "constant_time_compare(self.auth_hash, self.user.get_session_auth_hash())",
        "True",
        "tests/accounts/test_tokens.py::ends_every_other_login",
    ),
    Mutation(
        "health tells strangers one word",
        "documents/api/health.py",
        'getattr(request.user, "is_staff", False)',
        "True",
        "tests/api/test_health.py::others_are_not_told",
    ),
    Mutation(
        "logins are logged",
        "accounts/backends.py",
        '        logger.info("User %s logged in',
        '        logger.debug("User %s logged in',
        "tests/accounts/test_login_api.py::logins_are_logged",
    ),
    Mutation(
        "accidents show a reference",
        "atom_project/problems.py",
        'Problem(500, "internal_error", UNFORESEEN_WORDS, reference=reference)',
        'Problem(500, "internal_error", str(exc))',
        "tests/project/test_problems.py::nobody_foresaw",
    ),
]

PROGRAMS = [
    Mutation(
        "signing in stays on this site",
        "accounts/views.py",
        '    template_name = "accounts/login.html"\n',
        '    template_name = "accounts/login.html"\n\n'
        "    def get_success_url(self):\n"
        '        return self.request.POST.get("next") or self.request.GET.get("next") or "/"\n',
        "tests/accounts/test_pages.py::never_leads_to_another_site",
    ),
    Mutation(
        "the admin has no door of its own",
        "accounts/urls.py",
        '    re_path(r"^admin/login/?$", views.admin_sign_in),\n',
        "",
        "tests/accounts/test_pages.py::same_door",
    ),
    Mutation(
        "the present password is asked for",
        "accounts/views.py",
        '    template_name = "accounts/password_change.html"\n',
        '    template_name = "accounts/password_change.html"\n'
        "    form_class = auth_views.SetPasswordForm\n",
        "tests/accounts/test_pages.py::cannot_be_changed",
    ),
    Mutation(
        "answers show what is meant",
        "documents/api/serializers.py",
        '            "document_id",\n            "filename",\n',
        '            "document_id",\n            "filename",\n            "claimed_by",\n',
        f"{S}/test_injection.py::shows_no_column",
    ),
    Mutation(
        "log lines hold no search words",
        "atom_project/request_log.py",
        '            "path": self._scope["path"],',
        '            "path": self._scope["path"] + str(self._scope["query_string"]),',
        "tests/operations/test_logs.py::without_its_query",
    ),
    Mutation(
        "readers of PDF may not write",
        "documents/pipeline/extraction/child/confinement.py",
        "    _limit(resource.RLIMIT_FSIZE, 0)\n",
        "",
        "tests/extraction/test_sandbox.py::cannot_write_files",
    ),
    Mutation(
        "readers of PDF gain no privileges",
        "documents/pipeline/extraction/child/confinement.py",
        "    _prctl(_PR_SET_NO_NEW_PRIVS, 1)\n",
        "",
        "tests/extraction/test_sandbox.py::the_child_is_confined",
    ),
    Mutation(
        "packages are locked with their hashes",
        "requirements.txt",
        "    --hash=sha256:",
        "    # sha256:",
        "tests/project/test_version_floors.py::every_line_of_a_lock_file",
    ),
    Mutation(
        "no version with a known hole",
        "requirements.txt",
        "\ndjango==5",
        "\ndjango==4",
        "tests/project/test_version_floors.py::goes_below_a_floor",
    ),
]

REST = [
    Mutation(
        "queries have parameters",
        "documents/models.py",
        "        return self.filter(\n            Q(filename__icontains=words)",
        '        return self.extra(where=["filename LIKE \'%%" + words + "%%\'"]).filter(\n'
        "            Q(filename__icontains=words)",
        f"{S}/test_injection.py::part_of_a_query",
    ),
    Mutation(
        "only the last hop is the word of the proxy",
        "accounts/throttles.py",
        '.rpartition(",")[2]',
        '.partition(",")[0]',
        "tests/accounts/test_throttles.py::its_own_word_counts",
    ),
    Mutation(
        "no GET changes anything",
        "documents/dashboard/views.py",
        '        if request.method == "POST":\n',
        "        if True:\n",
        f"{S}/test_every_address.py::no_get_changes",
    ),
    Mutation(
        "PDF files have a limit of characters",
        "documents/pipeline/extraction/pdf.py",
        '            "characters": MAX_CHARACTERS,\n',
        '            "characters": 10**12,\n',
        "tests/extraction/test_pdf.py::character_limit",
    ),
    Mutation(
        "deactivated looks like wrong",
        "accounts/backends.py",
        "    def authenticate(\n",
        "    def user_can_authenticate(self, user):\n        return True\n\n"
        "    def authenticate(\n",
        "tests/accounts/test_pages.py::inactive",
    ),
    Mutation(
        "the known password is not made",
        "accounts/demo.py",
        "    if not is_allowed():\n",
        "    if False:\n",
        "tests/accounts/test_demo.py::no_known_password_is_made",
    ),
    Mutation(
        "the server does not name itself",
        "atom_project/serving.py",
        ', "--no-server-header"),',
        "),",
        f"{S}/test_wire.py::shows_itself",
    ),
    Mutation(
        "a token in an address opens nothing",
        "accounts/tokens.py",
        'raw = in_header(request.META.get("HTTP_AUTHORIZATION", ""))',
        'raw = in_header(request.META.get("HTTP_AUTHORIZATION", "")) or (\n'
        '                request.query_params.get("token", "").encode() or None\n'
        "            )",
        "tests/accounts/test_tokens.py::token_in_the_address",
    ),
    Mutation(
        "an upload that fails leaves no file",
        "documents/uploads/intake.py",
        "            storage.discard(document.pk, document.file.name)\n",
        "            pass\n",
        "tests/uploads/test_upload.py::without_room_leaves_no_file",
    ),
    Mutation(
        "the page refuses as the server does",
        "templates/documents/_upload.html",
        'data-empty="{{ refusals.empty }}"',
        'data-empty="This is nothing."',
        "tests/dashboard/test_upload.py::refuses_at_sight",
    ),
    Mutation(
        "the rules are said",
        "templates/documents/_upload.html",
        "up to {{ max_megabytes }} MB each, ",
        "",
        "tests/dashboard/test_upload.py::rules_are_said",
    ),
    Mutation(
        "every address is described",
        "documents/api/usage.py",
        "    @describe.usage\n",
        "    @__import__('drf_spectacular.utils').utils.extend_schema(exclude=True)\n",
        "tests/api/test_protocol.py::describes_every_address",
    ),
    Mutation(
        "password managers may fill in",
        "templates/accounts/_field.html",
        "  {{ field }}\n",
        '  <input name="{{ field.html_name }}" id="{{ field.id_for_label }}" autocomplete="off">\n',
        f"{S}/test_sessions.py::typed_hidden",
    ),
]
