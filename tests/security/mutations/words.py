"""Words of people, documents and models stay words: in pages, exports, queries and logs."""

from __future__ import annotations

from pathlib import Path

from tests.security.mutations.mutation import Added, Body, Condition, Fragment, Mutation, Value

BASE = Path("templates/base.html")
PRINT_PAGE = Path("static/js/print-page.js")
HEAD = '  <meta charset="utf-8">\n'
SOURCE = "tests/security/test_injection.py::source_does_without"

SHELLS = "tests/extraction/test_shells.py"

TICKS = "tests/queue/test_ticks.py"

WORDS = [
    Mutation(
        "names of glyphs are asked for wherever the file may spell some",
        "spelled_names.may_be_in",
        Body("return False"),
        "tests/extraction/test_spelled_names.py::may_be_worth_asking",
    ),
    Mutation(
        "what was done stays done", "ticks.carry_over", Body("return set()"), f"{TICKS}::is_done_in"
    ),
    Mutation(
        "a tick never moves to another task",
        "ticks._likeness",
        Body("return 1.0"),
        f"{TICKS}::another_task",
    ),
    Mutation(
        "names of files inside cannot steer the receipt",
        "shells._shown",
        Body("return list(names)"),
        f"{SHELLS}::cannot_steer",
    ),
    Mutation(
        "hidden comments are not read",
        "Pinboard._take",
        Condition("is_hidden", always=False),
        f"{SHELLS}::nobody_sees",
    ),
    Mutation(
        "comments have a limit",
        "Pinboard._keep",
        Condition("is_full", always=False),
        f"{SHELLS}::too_many_comments",
    ),
    Mutation(
        "names leave as text",
        Path("templates/documents/_document_row.html"),
        Fragment("<bdi>{{ document.filename }}</bdi>", "<bdi>{{ document.filename|safe }}</bdi>"),
        "tests/dashboard/test_strictness.py::hostile_words",
    ),
    Mutation(
        "claims leave as text",
        Path("templates/documents/_analysis.html"),
        Fragment('<p dir="auto">{{ point.text }}</p>', '<p dir="auto">{{ point.text|safe }}</p>'),
        "tests/dashboard/test_strictness.py::hostile_words",
    ),
    Mutation(
        "no page asks another machine",
        BASE,
        Fragment(HEAD, HEAD + '  <link rel="stylesheet" href="https://cdn.example.org/a.css">\n'),
        "tests/dashboard/test_strictness.py::no_page_asks",
    ),
    Mutation(
        "no script stands in a page",
        BASE,
        Fragment(HEAD, HEAD + "  <script>let a = 1</script>\n"),
        "tests/dashboard/test_strictness.py::no_page_has_inline",
    ),
    Mutation(
        "styles ask no other machine",
        Path("static/css/base.css"),
        Fragment(
            "@layer reset, base",
            "@import url(https://fonts.example.org/a.css);\n@layer reset, base",
        ),
        "tests/dashboard/test_strictness.py::styles_and_scripts",
    ),
    Mutation(
        "the page refuses as the server does",
        Path("templates/documents/_upload.html"),
        Fragment('data-empty="{{ refusals.empty }}"', 'data-empty="This is nothing."'),
        "tests/dashboard/test_upload.py::refuses_at_sight",
    ),
    Mutation(
        "the rules are said",
        Path("templates/documents/_upload.html"),
        Fragment("up to {{ max_megabytes }} MB each, ", ""),
        "tests/dashboard/test_upload.py::rules_are_said",
    ),
    Mutation(
        "scripts write no markup",
        PRINT_PAGE,
        Fragment("class PrintPage", "document.body.innerHTML = ''\nclass PrintPage"),
        SOURCE,
    ),
    Mutation(
        "scripts keep nothing",
        PRINT_PAGE,
        Fragment("class PrintPage", "localStorage.a = 1\nclass PrintPage"),
        SOURCE,
    ),
    Mutation(
        "no markup from Python",
        "results",
        Added("from django.utils.safestring import mark_safe"),
        SOURCE,
    ),
    # What is taken away.
    Mutation(
        "served files cannot run",
        "saved_as",
        Fragment("; sandbox", ""),
        "tests/api/test_stored_file.py::cannot_run",
    ),
    Mutation(
        "names in headers are quoted",
        "saved_as",
        Fragment(
            "content_disposition_header(True, filename)",
            "f'attachment; filename=\"{filename}\"'",
        ),
        "tests/api/test_exports.py::within_its_quotes",
    ),
    Mutation(
        "cells are no formulas",
        "FORMULA",
        Value("re.compile('^never$')"),
        "tests/api/test_exports.py::no_cell_is_a_formula",
    ),
    Mutation(
        "cells are no formulas behind another separator",
        "SEPARATORS",
        Value("re.compile('(^never$)')"),
        "tests/api/test_exports.py::whatever_separates_cells",
    ),
    Mutation(
        "no words of a document become links",
        "AUTOLINKS",
        Value("re.compile('^never$')"),
        "tests/api/test_exports.py::become_a_link",
    ),
    Mutation(
        "names can be seen",
        "validators._is_seen",
        Body("return True"),
        "tests/uploads/test_hostile_uploads.py::strange_name",
    ),
    Mutation(
        "no words of a document become Markdown",
        "MARKUP",
        Value("re.compile('(never)')"),
        "tests/api/test_exports.py::become_markup",
    ),
    # Queries and logs.
    Mutation(
        "a search is no pattern",
        "finding._letter_by_letter",
        Fragment("filename__icontains", "filename__iregex"),
        "tests/search/test_index.py::letter_by_letter",
    ),
    Mutation(
        "a search is its owner's",
        "documents.search.sqlite._expression",
        Body("return '{name findings text} : (' + ' '.join(map(_string, asked)) + ')'"),
        "tests/search/test_finding.py::nobody_ever_finds",
    ),
    Mutation(
        "log lines stay one line",
        "printable",
        Body("return text"),
        "tests/security/test_injection.py::forge_a_line",
    ),
    Mutation(
        "log lines hold no search words",
        "Exchange.log",
        Fragment("self._scope['path']", "self._scope['path'] + str(self._scope['query_string'])"),
        "tests/operations/test_logs.py::without_its_query",
    ),
]
