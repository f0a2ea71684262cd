"""How much anybody may send and keep, and what a file may be."""

from __future__ import annotations

from tests.security.mutations.mutation import Body, Condition, Fragment, Mutation, Value, Without

LIMITS = [
    Mutation(
        "parts of a mail inside each other are bounded",
        "mail._is_bounded",
        Body("return True"),
        "tests/extraction/test_mail.py::parts_inside_parts",
    ),
    Mutation(
        "two lengths are refused",
        "Body.refusal_by_announcement",
        Fragment(
            "announced is not None and self._header(b'transfer-encoding') is not None", "False"
        ),
        "tests/security/test_wire.py::two_ways",
    ),
    Mutation(
        "a length is made of digits",
        "Body.refusal_by_announcement",
        Condition("isdigit", always=False),
        "tests/project/test_body_limit.py::no_number",
    ),
    Mutation(
        "bodies are UTF-8",
        "parsers.require_utf8",
        Body("pass"),
        "tests/project/test_problems.py::only_utf8",
    ),
    Mutation(
        "strangers send little",
        "Body._refusal_of",
        Body("return None"),
        "tests/project/test_body_limit.py::stranger",
    ),
    Mutation(
        "large bodies come in at the addresses of uploads only",
        "admission.largest_body",
        Body("return int(settings.MAX_UPLOAD_BODY)"),
        "tests/project/test_admission.py::every_other_address",
    ),
    Mutation(
        "bodies on their way are counted",
        "BodiesInFlight.enter",
        Condition("take", always=False),
        "tests/project/test_admission.py::so_many_bodies or no_more_than_one_upload",
    ),
    Mutation(
        "small bodies of one address are counted",
        "Body._refusal_of_small",
        Body("return None"),
        "tests/project/test_admission.py::small_bodies",
    ),
    Mutation(
        "the quota is asked before a byte is read",
        "uploads.admission.require_room",
        Body("pass"),
        "tests/project/test_admission.py::no_room_for or full_line",
    ),
    Mutation(
        "uploads are counted before a byte is read",
        "atom_project.admission.require_room",
        Without("take_upload"),
        "tests/project/test_admission.py::counted_before",
    ),
    Mutation(
        "heads have a deadline",
        "DeadlineProtocol._is_head_late",
        Body("return False"),
        "tests/project/test_deadlines.py::says_nothing or never_ends",
    ),
    Mutation(
        "bodies have a least speed",
        "DeadlineProtocol._is_body_late",
        Body("return False"),
        "tests/project/test_deadlines.py::drips or does_not_go_on",
    ),
    Mutation(
        "answers have to be read",
        "DeadlineProtocol._is_answer_late",
        Body("return False"),
        "tests/project/test_deadlines.py::nobody_reads",
    ),
    Mutation(
        "connections of an address are counted",
        "DeadlineProtocol._is_admitted",
        Body("return True"),
        "tests/project/test_deadlines.py::holds_so_many",
    ),
    Mutation(
        "limits hold over all processes of a host",
        "SharedCounters._total",
        Fragment("found == digest and whose", "found == digest and whose == self._process"),
        "tests/web/test_shared_counters.py::over_processes",
    ),
    Mutation(
        "nobody has all threads",
        "Lane.is_busy",
        Body("return not self._free"),
        "tests/web/test_lanes.py::leaves_threads",
    ),
    Mutation(
        "the line of those who wait is bounded",
        "Lane._line_up",
        Condition("WAITING", always=False),
        "tests/web/test_lanes.py::too_many_wait",
    ),
    Mutation(
        "nobody waits without end",
        "Lane._take_thread",
        Fragment("asyncio.timeout(self._patience)", "asyncio.timeout(None)"),
        "tests/web/test_lanes.py::too_long",
    ),
    Mutation(
        "the web server runs with deadlines",
        "serving.web_command",
        Without("atom_project.deadlines:DeadlineProtocol"),
        "tests/project/test_deadlines.py::runs_with_deadlines",
    ),
    Mutation(
        "files are sent in pieces",
        "PiecewiseFileResponse.__aiter__",
        Body("yield b''.join(self)"),
        "tests/api/test_stored_file.py::a_piece_is_read",
    ),
    Mutation(
        "searches have a deadline",
        "deadline._on_sqlite",
        Fragment("set_progress_handler(lambda: time.monotonic() >= ends, STEPS)", "total_changes"),
        "tests/api/test_search_deadline.py::takes_too_long",
    ),
    Mutation(
        "deep JSON is no accident",
        "SafeJSONParser.parse",
        Fragment("except RecursionError:", "except MemoryError:"),
        "tests/security/test_injection.py::json_of_any_shape",
    ),
    Mutation(
        "content agrees with the ending",
        "_judge_content",
        Condition("PDF", always=False),
        "tests/uploads/test_upload.py::each_kind_of_bad_file",
    ),
    Mutation(
        "files are stored under a safe name",
        "safe_name",
        Fragment("re.sub('[^\\\\w-]+', '_', plain).strip('_')", "plain"),
        "tests/uploads/test_hostile_uploads.py::stored_safely",
    ),
    Mutation(
        "stored files are for their owner only",
        "settings.FILE_UPLOAD_PERMISSIONS",
        Value("0o644"),
        "tests/security/test_documented.py::stored_for_their_owner",
    ),
    Mutation(
        "uploads leave a reserve on the disk",
        "disk_reserve.refusal",
        Body("return None"),
        "tests/operations/test_readiness.py::below_the_reserve",
    ),
    Mutation(
        "an upload that fails leaves no file",
        "_discard_without_row",
        Body("pass"),
        "tests/uploads/test_upload.py::without_room_leaves_no_file",
    ),
    Mutation(
        "documents that wait are counted",
        "RemainingQuota.reserve_place",
        Body("pass"),
        "tests/uploads/test_quotas.py::quota or come_at_once or wait_as_may",
    ),
    Mutation(
        "bytes are counted",
        "RemainingQuota.reserve",
        Condition("bytes", always=False),
        "tests/uploads/test_quotas.py::bytes_are_counted",
    ),
    Mutation(
        "text is counted",
        "RemainingQuota.reserve_text",
        Body("pass"),
        "tests/uploads/test_stored_bytes.py::has_no_room or many_pages",
    ),
    Mutation(
        "analyses are counted",
        "quotas.analysis_bytes",
        Body("return 0"),
        "tests/uploads/test_stored_bytes.py::text_and_analysis",
    ),
    Mutation(
        "documents are counted",
        "RemainingQuota.reserve",
        Condition("documents", always=False),
        "tests/uploads/test_stored_bytes.py::documents_are_counted",
    ),
    Mutation(
        "what somebody has is counted along, also after a migration",
        "running_totals.RunningTotals.keep",
        Body("return"),
        "tests/queue/test_owner_totals.py::lost_triggers",
    ),
    Mutation(
        "a retry keeps the quota",
        "api.moves.retry",
        Fragment("within_quota=True", "within_quota=False"),
        "tests/uploads/test_quotas.py::no_way_around",
    ),
    # The child that reads PDF.
    Mutation(
        "PDF files have a limit of characters",
        "Transcript.read",
        Fragment("'characters': MAX_CHARACTERS", "'characters': 10 ** 12"),
        "tests/extraction/test_pdf.py::character_limit",
    ),
    Mutation(
        "hyphens at line ends have a limit",
        "hyphens.resolved",
        Fragment("0 < breaks <= MOST_BREAKS", "0 < breaks"),
        "tests/extraction/test_hyphens.py::more_breaks_than_any",
    ),
    Mutation(
        "names of glyphs are not believed",
        "glyph_names._is_written",
        Body("return True"),
        "tests/extraction/test_letters.py::spells_no_letters",
    ),
    Mutation(
        "readers of PDF may not write",
        "Confinement._limit_resources",
        Without("RLIMIT_FSIZE"),
        "tests/extraction/test_sandbox.py::the_child_is_confined",
    ),
]
