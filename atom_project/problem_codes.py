"""The stable machine codes of problems (RFC 9457): what programs may rely on.

What is refused or fails because of a document has codes of its own, in `failures`.
"""

from __future__ import annotations

from enum import StrEnum


class ProblemCode(StrEnum):
    # Who asks.
    NOT_AUTHENTICATED = "not_authenticated"
    AUTHENTICATION_FAILED = "authentication_failed"
    WRONG_LOGIN = "wrong_login"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105
    TOKEN_INVALID = "token_invalid"  # noqa: S105
    TOKEN_REUSED = "token_reused"  # noqa: S105
    LOGIN_ENDED = "login_ended"
    KEY_ENDED = "key_ended"
    INSUFFICIENT_SCOPE = "insufficient_scope"
    PERMISSION_DENIED = "permission_denied"
    CSRF_FAILED = "csrf_failed"
    THROTTLED = "throttled"
    TOO_MANY_WAITS = "too_many_waits"

    # What the request looks like.
    BAD_REQUEST = "bad_request"
    PARSE_ERROR = "parse_error"
    INVALID = "invalid"
    INCOMPLETE_REQUEST = "incomplete_request"
    LENGTH_REQUIRED = "length_required"
    REQUEST_TIMEOUT = "request_timeout"
    REQUEST_TOO_LARGE = "request_too_large"
    TOO_MANY_FIELDS = "too_many_fields"
    TOO_MANY_FILES = "too_many_files"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_ACCEPTABLE = "not_acceptable"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    NOT_FOUND = "not_found"

    # Parameters.
    UNKNOWN_PARAMETER = "unknown_parameter"
    BAD_ID = "bad_id"
    UNKNOWN_STATUS = "unknown_status"
    UNKNOWN_ORDERING = "unknown_ordering"
    UNKNOWN_STATE = "unknown_state"
    UNKNOWN_DUE = "unknown_due"
    BAD_ASSIGNEE = "bad_assignee"
    BAD_DOCUMENT = "bad_document"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_FORM = "unknown_form"
    BAD_SEARCH = "bad_search"
    BAD_DATE = "bad_date"
    BAD_TOPIC = "bad_topic"
    UNKNOWN_ANSWER = "unknown_answer"
    SEARCH_TIMEOUT = "search_timeout"
    BAD_PAGE = "bad_page"
    BAD_PAGE_SIZE = "bad_page_size"
    BAD_CURSOR = "bad_cursor"
    BAD_WAIT = "bad_wait"
    BAD_LIMIT = "bad_limit"
    BAD_LANGUAGE = "bad_language"
    UNKNOWN_ENCODING = "unknown_encoding"
    UNKNOWN_ENGINE = "unknown_engine"
    BAD_WIDTH = "bad_width"
    BAD_QUOTE = "bad_quote"
    BAD_EXTERNAL_ID = "bad_external_id"
    PRECONDITION_FAILED = "precondition_failed"
    RANGE_NOT_SATISFIABLE = "range_not_satisfiable"
    BAD_IDEMPOTENCY_KEY = "bad_idempotency_key"

    # Uploads.
    NO_FILE = "no_file"
    TOO_MANY_UPLOADS = "too_many_uploads"
    UNEXPECTED_FIELD = "unexpected_field"
    NOTHING_ACCEPTED = "nothing_accepted"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    DOCUMENT_DELETED = "document_deleted"

    # Resumable uploads (tus).
    TUS_VERSION = "tus_version"
    BAD_UPLOAD_LENGTH = "bad_upload_length"
    BAD_UPLOAD_METADATA = "bad_upload_metadata"
    BAD_UPLOAD_OFFSET = "bad_upload_offset"
    OFFSET_CONFLICT = "offset_conflict"
    BAD_CHECKSUM = "bad_checksum"
    CHECKSUM_MISMATCH = "checksum_mismatch"
    UPLOAD_LOCKED = "upload_locked"
    UPLOAD_ELSEWHERE = "upload_elsewhere"
    UPLOAD_EXPIRED = "upload_expired"

    # Webhooks.
    BAD_WEBHOOK_URL = "bad_webhook_url"
    TOO_MANY_WEBHOOKS = "too_many_webhooks"
    TOO_MANY_WAITING = "too_many_waiting"
    WEBHOOK_HELD = "webhook_held"
    EVENT_GONE = "event_gone"

    # The state of a document.
    NOT_FINISHED = "not_finished"
    ALREADY_FINISHED = "already_finished"
    NOT_ANALYZED = "not_analyzed"
    NOT_A_TEXT_FILE = "not_a_text_file"
    NOTHING_TO_RECOGNIZE = "nothing_to_recognize"
    NO_RECOGNITION = "no_recognition"
    PAGE_NOT_DRAWN = "page_not_drawn"

    # The server.
    NEEDS_ASGI = "needs_asgi"
    DATABASE_UNAVAILABLE = "database_unavailable"
    DATABASE_READ_ONLY = "database_read_only"
    DATABASE_DAMAGED = "database_damaged"
    NOT_MIGRATED = "not_migrated"
    NO_WORKER = "no_worker"
    STORAGE_UNAVAILABLE = "storage_unavailable"
    STORAGE_FULL = "storage_full"
    RENDERING_BUSY = "rendering_busy"
    SERVER_BUSY = "server_busy"
    INTERNAL_ERROR = "internal_error"
    ERROR = "error"  # Of the framework's own, where it gives no closer one.
