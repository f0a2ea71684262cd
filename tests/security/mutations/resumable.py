"""Resumable upload: whose it is, what is kept of it, and how much of it there may be."""

from __future__ import annotations

from tests.security.mutations.mutation import Body, Condition, Fragment, Mutation, Without

PROTOCOL = "tests/resumable/test_protocol.py"
ROOM = "tests/resumable/test_room_at_the_end.py"
REFUSALS = "tests/resumable/test_refusals.py"

RESUMABLE = [
    Mutation(
        "an upload of another is the same 404",
        "ResumableUploadView._own",
        Fragment("ResumableUpload.objects.of(self.owner)", "ResumableUpload.objects"),
        f"{REFUSALS}::another_users_upload",
    ),
    Mutation(
        "one request at a time writes to a part file",
        "PartFile._is_mine",
        Body("return True"),
        f"{PROTOCOL}::two_pieces_at_once",
    ),
    Mutation(
        "bytes go to the offset that is there only",
        "resumable.appending.begin",
        Condition("part.size", always=False),
        f"{PROTOCOL}::wrong_offset",
    ),
    Mutation(
        "more than announced is not kept",
        "resumable.appending.Appending.write",
        Fragment("self._offset + len(data) > self._upload.length", "False"),
        f"{PROTOCOL}::more_than_was_announced",
    ),
    Mutation(
        "the reserve of the disk is asked while bytes come",
        "resumable.appending.Appending.write",
        Condition("disk_reserve", always=False),
        f"{REFUSALS}::no_room_on_the_disk",
    ),
    Mutation(
        "bytes with a wrong checksum are not kept",
        "resumable.appending.Appending.complete",
        Condition("matches", always=False),
        f"{PROTOCOL}::wrong_checksum",
    ),
    Mutation(
        "content is judged when it is whole",
        "validators.judge",
        Without("_judge_content"),
        f"{REFUSALS}::no_pdf_is_refused",
    ),
    Mutation(
        "only a PDF may be large",
        "validators.largest",
        Fragment("is_resumable and content_type == PDF", "is_resumable"),
        f"{REFUSALS}::only_a_pdf",
    ),
    Mutation(
        "what is coming counts for the quotas",
        "creation._reserve",
        Fragment("quotas.RemainingQuota.of(upload.owner).reserve(upload.length)", "None"),
        f"{REFUSALS}::coming_counts",
    ),
    Mutation(
        "quotas are asked again at the end",
        "finishing._queue",
        Fragment("quotas.RemainingQuota.of(upload.owner_id).reserve(accepted.size)", "None"),
        f"{ROOM}::line_that_fills_while",
    ),
    Mutation(
        "no file is read for an owner who has no room",
        "finishing.finish",
        Without("_require_room"),
        f"{ROOM}::no_room_is_not_read",
    ),
    Mutation(
        "an offset that cannot be told now is locked, not refused",
        "AppendedBodies.__call__",
        Condition("'HEAD'", always=False),
        f"{ROOM}::cannot_be_told_now",
    ),
    Mutation(
        "one person has few unfinished uploads",
        "creation._reserve",
        Condition("AT_ONCE", always=False),
        f"{REFUSALS}::few_unfinished",
    ),
    Mutation(
        "an upload that is sent at this moment does not expire",
        "sweep._end",
        Condition("expired", always=False),
        f"{REFUSALS}::sent_at_this_moment",
    ),
    Mutation(
        "two truths about the length go the usual way",
        "AppendedBodies.__call__",
        Fragment("or not is_clear", ""),
        f"{PROTOCOL}::two_truths",
    ),
    Mutation(
        "a child cannot write to the file it reads",
        "content.LargeFile.read_only",
        Body("return os.dup(self.descriptor)"),
        "tests/extraction/test_large_files.py::cannot_write",
    ),
    Mutation(
        "no name is left behind in the row of an upload",
        "finishing._queue",
        Fragment("finished_at=now, filename=''", "finished_at=now"),
        f"{REFUSALS}::leaves_no_name",
    ),
]
