"""Whose files they are: nothing is deleted that the database does not know."""

from __future__ import annotations

from tests.security.mutations.mutation import Body, Condition, Fragment, Mutation, Without

QUARANTINE = "tests/operations/test_quarantine.py"
STARTS = "tests/operations/test_start_check.py"

FILES = [
    Mutation(
        "a store with another stamp is refused",
        "require_stamp",
        Condition("mine", always=False),
        f"{STARTS}::another_stamp_is_refused",
    ),
    Mutation(
        "a store of which nothing is known is not taken",
        "refuse_strangers",
        Condition("unknown", always=False),
        f"{STARTS}::files_without_a_stamp_is_refused",
    ),
    Mutation(
        "many unknown files are not moved",
        "quarantine.keep",
        Without("refuse_many"),
        f"{QUARANTINE}::many_are_unknown_nothing_is_moved",
    ),
    Mutation(
        "many unknown files stop a start",
        "confirm",
        Without("refuse_many"),
        f"{STARTS}::many_unknown_files_stop_the_start",
    ),
    Mutation(
        "ages are by the clock of the store",
        "census.take",
        Fragment("storage.media.now()", "__import__('time').time()"),
        f"{QUARANTINE}::clock_is_ahead_leaves_an_upload_alone",
    ),
    Mutation(
        "a clock ahead ends no keeping time",
        "_expire",
        Fragment("min(", "max("),
        f"{QUARANTINE}::jumped_ahead_ends_nothing",
    ),
    Mutation(
        "a deletion reaches into quarantine",
        "quarantine.erase",
        Body("storage.media.delete_folder(f'{storage.UPLOADS}/{document_id}')"),
        f"{QUARANTINE}::reaches_into_quarantine",
    ),
    Mutation(
        "a removal outlives a store that is away",
        "removal.delete",
        Without("FileRemoval"),
        f"{QUARANTINE}::done_however_late",
    ),
    Mutation(
        "older code leaves a newer database alone",
        "refuse_newer_database",
        Body("pass"),
        f"{STARTS}::newer_database_is_refused",
    ),
    Mutation(
        "an empty database is not filled beside the files of another",
        "refuse_empty_database",
        Body("pass"),
        f"{STARTS}::neither_migrated_nor_recommended",
    ),
]
