"""What each problem code means and what a client does about it: one table for docs and schema.

The sentences of an answer (`detail`) are closer, and may change; these are about the code.
"""

from __future__ import annotations

from atom_project import access_problems
from atom_project.problem_codes import ProblemCode as Code
from atom_project.problem_entries import (
    LATER,
    LISTED,
    OPERATOR,
    ProblemText,
    of,
    parameter,
)

PROBLEMS: dict[Code, ProblemText] = {
    **access_problems.PROBLEMS,
    # What the request looks like.
    Code.BAD_REQUEST: of(
        400,
        happened="The request is not well-formed.",
        advice="Compare it with docs/api.md.",
    ),
    Code.PARSE_ERROR: of(
        400, happened="The body cannot be read.", advice="Send JSON or a form in UTF-8."
    ),
    Code.INVALID: of(
        400,
        happened="A field of the body is missing or wrong; `errors` names it.",
        advice="Correct the fields.",
    ),
    Code.INCOMPLETE_REQUEST: of(
        400, happened="The request ended too early.", advice="Send it again.", may_pass=True
    ),
    Code.LENGTH_REQUIRED: of(
        411, happened="The body came without its length.", advice="Send a `Content-Length`."
    ),
    Code.REQUEST_TIMEOUT: of(
        408, happened="The request came too slowly.", advice="Send it again.", may_pass=True
    ),
    Code.REQUEST_TOO_LARGE: of(
        413,
        happened="The body is larger than `limit` bytes.",
        advice="Send fewer or smaller files in one request.",
    ),
    Code.TOO_MANY_FIELDS: of(400, happened="The form has too many fields.", advice="Send fewer."),
    Code.TOO_MANY_FILES: of(
        400, happened="The form has too many files.", advice="Send the rest in another request."
    ),
    Code.METHOD_NOT_ALLOWED: of(
        405,
        happened="There is no such call at this address.",
        advice="Use a method that `Allow` names.",
    ),
    Code.NOT_ACCEPTABLE: of(
        406,
        happened="The answer has none of the forms that `Accept` names.",
        advice="Accept `application/json`, or what the operation is described with.",
    ),
    Code.UNSUPPORTED_MEDIA_TYPE: of(
        415,
        happened="The body has a media type that is not read here.",
        advice="Send the one the operation is described with.",
    ),
    Code.NOT_FOUND: of(
        404,
        happened="There is nothing at this address, or nothing of yours.",
        advice="Forget the id: it was deleted, or never yours.",
    ),
    # Parameters.
    Code.UNKNOWN_PARAMETER: of(
        400,
        happened="There is no such parameter; `detail` names those that there are.",
        advice="Correct its name, or leave it out.",
    ),
    Code.BAD_ID: parameter("id", "Send ids of documents, at most 100."),
    Code.UNKNOWN_STATUS: parameter("status", LISTED),
    Code.UNKNOWN_ORDERING: parameter("ordering", LISTED),
    Code.UNKNOWN_STATE: parameter("state", LISTED),
    Code.UNKNOWN_DUE: parameter("due", LISTED),
    Code.BAD_ASSIGNEE: parameter("assignee", "Send a shorter name."),
    Code.BAD_DOCUMENT: parameter("document", "Send the id of a document."),
    Code.UNKNOWN_KIND: parameter("kind", LISTED),
    Code.UNKNOWN_FORM: parameter("as", LISTED),
    Code.BAD_SEARCH: parameter("search", "Send fewer words."),
    Code.BAD_DATE: of(
        400,
        happened="A parameter such as `created_after` or `finished_before` is not understood.",
        advice="Send a date, or a moment of ISO 8601 with its zone.",
    ),
    Code.BAD_TOPIC: parameter("topic", "Send a topic as an analysis has it."),
    Code.UNKNOWN_ANSWER: parameter("has_open_tasks", "Send `true` or `false`."),
    Code.SEARCH_TIMEOUT: of(
        503,
        happened="The search took longer than ATOM_SEARCH_SECONDS and was ended.",
        advice="Search for longer or fewer words.",
        may_pass=True,
    ),
    Code.BAD_PAGE: parameter("page", "Begin again at page 1: the list is shorter than it was."),
    Code.BAD_PAGE_SIZE: parameter("page_size", "Send a number from 1 to 100."),
    Code.BAD_CURSOR: of(
        400,
        happened="The cursor is none: `lastEventId` of a stream, `after` or `before` of a list.",
        advice="Send the id of an event, or go where `next` leads; or begin without a cursor.",
    ),
    Code.BAD_WAIT: parameter("wait", "Send whole seconds from 0 to 60."),
    Code.BAD_LIMIT: parameter("limit", "Send a number from 1 to 100."),
    Code.BAD_LANGUAGE: parameter("language", "Send the name or the code of a language."),
    Code.UNKNOWN_ENCODING: parameter("encoding", LISTED),
    Code.UNKNOWN_ENGINE: parameter("engine", LISTED),
    Code.BAD_WIDTH: parameter("width", LISTED),
    Code.BAD_QUOTE: parameter("quote", "Send `start-end` of an item of evidence."),
    Code.BAD_EXTERNAL_ID: parameter("external_id", "Send at most 200 printable characters."),
    Code.PRECONDITION_FAILED: of(
        412,
        happened="What `If-Match` or `If-Unmodified-Since` supposes does not hold.",
        advice="Ask without it.",
    ),
    Code.RANGE_NOT_SATISFIABLE: of(
        416,
        happened="The file has no byte of the `Range`; `Content-Range` has its size.",
        advice="Ask for bytes that there are, or for the whole file.",
    ),
    Code.BAD_IDEMPOTENCY_KEY: of(
        400,
        happened="The Idempotency-Key is too long or not printable.",
        advice="Send a UUID.",
    ),
    # Uploads.
    Code.NO_FILE: of(
        400, happened="The form has no file.", advice="Send files in the field `files`."
    ),
    Code.TOO_MANY_UPLOADS: of(
        429,
        happened="Too many large uploads of one user are on their way.",
        advice=LATER,
        may_pass=True,
    ),
    Code.UNEXPECTED_FIELD: of(
        400,
        happened="The form has files in a field that is not read.",
        advice="Send files in the field `files`.",
    ),
    Code.NOTHING_ACCEPTED: of(
        422,
        happened="No file was accepted; `errors` says of each why.",
        advice="Read the code of each file.",
    ),
    Code.IDEMPOTENCY_KEY_REUSED: of(
        422,
        happened="The Idempotency-Key came with another upload before.",
        advice="Use a new key for a new upload.",
    ),
    Code.DOCUMENT_DELETED: of(
        410,
        happened="A document of the upload with this key was deleted since.",
        advice="Use a new key to upload it again.",
    ),
    # Resumable uploads (tus).
    Code.TUS_VERSION: of(
        412,
        happened="The request names another version of tus.",
        advice="Send `Tus-Resumable: 1.0.0`.",
    ),
    Code.BAD_UPLOAD_LENGTH: of(
        400,
        happened="`Upload-Length` is missing or no number.",
        advice="Send the size of the file.",
    ),
    Code.BAD_UPLOAD_METADATA: of(
        400, happened="`Upload-Metadata` cannot be read.", advice="Send names and base64 values."
    ),
    Code.BAD_UPLOAD_OFFSET: of(
        400, happened="`Upload-Offset` is missing or no number.", advice="Ask for it by `HEAD`."
    ),
    Code.OFFSET_CONFLICT: of(
        409,
        happened="The bytes begin elsewhere than where the upload ends.",
        advice="Ask for the offset by `HEAD`, and go on from there.",
    ),
    Code.BAD_CHECKSUM: of(
        400, happened="`Upload-Checksum` cannot be read.", advice="Send a known algorithm."
    ),
    Code.CHECKSUM_MISMATCH: of(
        460,
        happened="The bytes are not those of the checksum.",
        advice="Send them again.",
        may_pass=True,
    ),
    Code.UPLOAD_LOCKED: of(
        423, happened="Another request is sending to this upload.", advice=LATER, may_pass=True
    ),
    Code.UPLOAD_ELSEWHERE: of(
        503,
        happened="The bytes of the upload are not on the host that was asked.",
        advice="Ask again in a moment; where it stays so, end the upload and begin a new one.",
        may_pass=True,
    ),
    Code.UPLOAD_EXPIRED: of(
        410, happened="The upload was not finished in time.", advice="Begin a new one."
    ),
    # Webhooks.
    Code.BAD_WEBHOOK_URL: of(
        400,
        happened="Webhooks may not go to this address.",
        advice="Send a public address that begins with https://, or ask the operator.",
    ),
    Code.TOO_MANY_WEBHOOKS: of(
        409, happened="You have as many webhooks as may be.", advice="Delete one first."
    ),
    Code.TOO_MANY_WAITING: of(
        409,
        happened="As many tests and repetitions as may be wait to be sent.",
        advice="Wait for them.",
        may_pass=True,
    ),
    Code.WEBHOOK_HELD: of(
        409,
        happened="Staff have paused the webhook, or another one of yours at its host.",
        advice=OPERATOR,
    ),
    Code.EVENT_GONE: of(
        409,
        happened="The message cannot be made again: its event or document is gone.",
        advice="Read the list of documents instead.",
    ),
    # The state of a document.
    Code.NOT_FINISHED: of(
        409, happened="The document is not finished.", advice="Wait for it.", may_pass=True
    ),
    Code.ALREADY_FINISHED: of(
        409, happened="The document is finished already.", advice="Read its result."
    ),
    Code.NOT_ANALYZED: of(
        409, happened="There is no analysis yet.", advice="Wait for it.", may_pass=True
    ),
    Code.NOT_A_TEXT_FILE: of(
        409, happened="Only text files have an encoding.", advice="Leave it as it is."
    ),
    Code.NOTHING_TO_RECOGNIZE: of(
        409, happened="No picture in it was left unread.", advice="Leave it as it is."
    ),
    Code.NO_RECOGNITION: of(
        409, happened="There is no text recognition (OCR) here.", advice=OPERATOR
    ),
    Code.PAGE_NOT_DRAWN: of(
        422,
        happened="The picture of this page could not be made.",
        advice="Show its text instead.",
    ),
    # The server.
    Code.NEEDS_ASGI: of(
        503, happened="The server does not speak ASGI, which streams need.", advice=OPERATOR
    ),
    Code.DATABASE_UNAVAILABLE: of(
        503, happened="The database is busy or away.", advice=LATER, may_pass=True
    ),
    Code.DATABASE_READ_ONLY: of(
        503, happened="The database takes no changes.", advice=LATER, may_pass=True
    ),
    Code.DATABASE_DAMAGED: of(503, happened="The database is damaged.", advice=OPERATOR),
    Code.NOT_MIGRATED: of(
        503, happened="The database waits for its migrations.", advice=OPERATOR, may_pass=True
    ),
    Code.NO_WORKER: of(
        503, happened="No worker runs.", advice="Upload: it waits in line.", may_pass=True
    ),
    Code.STORAGE_UNAVAILABLE: of(
        503, happened="The server cannot reach its files.", advice=LATER, may_pass=True
    ),
    Code.STORAGE_FULL: of(503, 507, happened="The server has no room left.", advice=OPERATOR),
    Code.RENDERING_BUSY: of(
        503, happened="Too many pages are being drawn.", advice=LATER, may_pass=True
    ),
    Code.SERVER_BUSY: of(
        503, happened="The server had no room for the request.", advice=LATER, may_pass=True
    ),
    Code.INTERNAL_ERROR: of(
        500,
        happened="Something unforeseen; `reference` leads to it in the logs.",
        advice="Send it again once; then give the reference to the operator.",
        may_pass=True,
    ),
    Code.ERROR: of(
        400,
        500,
        happened="A refusal of the framework without a closer code.",
        advice="Read `detail`.",
    ),
}


def what_to_do(code: str) -> dict[str, str | bool]:
    """Members of a problem: of codes that are not of this table, whoever raises them says it."""
    text = PROBLEMS[Code(code)] if code in set(Code) else None
    return {"advice": text.advice, "retryable": text.may_pass} if text else {}
