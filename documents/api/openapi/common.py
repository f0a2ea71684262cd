"""What the framework does not know of an operation: its summary, its limits, who we are."""

from __future__ import annotations

from typing import Any

from documents.api.describe_following import LONGEST_WAIT, MOST_EVENTS, USUAL_EVENTS
from documents.api.paging import NumberedPages

JSON = "application/json"

INTRODUCTION = """\
Upload documents, follow them through the line, read what was found in them.

1. **Sign in**: `POST /auth/login` gives an access token; send it, or an API key, as
   `Authorization: Bearer …`. A signed-in browser may send its session's cookie instead, and
   makes API keys at `/account/keys`.
2. **Upload**: `POST /upload` takes one to twenty files and answers for each.
3. **Wait**: `GET /documents/{id}/status?wait=60` answers when the document is finished;
   `GET /events` and `GET /documents/stream` tell what happens to all of them.
4. **Read**: `GET /documents/{id}` has the result, each claim with its quotes.

Refusals are `application/problem+json` with a `code` that stays; docs/errors.md lists all of them.
429 and 503 say in `Retry-After` when to ask again, `RateLimit` how many requests are left. Every
JSON answer to a signed-in `GET` has an `ETag`; with `If-None-Match`, 304 says that it is the same.
Lists are cut into pages (`page`,
`page_size`). Names of fields never leave and never change what they mean; fields and codes may
join, so ignore those you do not know.
"""

TAGS = {
    "login": "Get tokens, renew them, end them.",
    "documents": "Upload, list and follow documents; send them again, stop or delete them.",
    "resumable uploads": "Send a large file in pieces (tus), and go on after a break.",
    "findings": "What was found: text by page, analyses, action items, exports.",
    "webhooks": "Be told of events by a request to an address of yours, signed.",
    "operation": "For whoever runs the service: probes, metrics, what was used.",
}

SUMMARIES = {
    "login": "Log in",
    "refresh": "Renew the tokens",
    "logout": "Log out",
    "upload": "Upload files",
    "upload_begin": "Begin a resumable upload (tus)",
    "upload_append": "Send the next bytes of a resumable upload",
    "upload_discard": "Discard a resumable upload",
    "list_documents": "List and search documents",
    "get_document": "Read a document and its result",
    "delete_document": "Delete a document",
    "get_document_status": "Ask where a document stands",
    "list_pages": "Read the text, page by page",
    "list_analyses": "List all analyses of a document",
    "download_file": "Download the file",
    "export_analysis": "Export the result",
    "export_documents": "Export all documents, or some",
    "retry_document": "Analyze a document again",
    "read_document_as": "Read a text file in another encoding",
    "recognize_document": "Read pictures again (OCR)",
    "cancel_document": "Stop a document",
    "stream_events": "Follow documents live",
    "list_events": "Read what happened since, or wait for it",
    "bulk_documents": "Retry, cancel or delete many documents",
    "bulk_tick_action_items": "Tick many action items",
    "get_page_image": "See a page as a picture",
    "get_quote_boxes": "Find quotes on the picture of a page",
    "list_action_items": "List action items of all documents",
    "export_action_items": "Export action items",
    "get_action_item": "Read an action item",
    "tick_action_item": "Tick an action item",
    "list_webhooks": "List webhooks",
    "create_webhook": "Make a webhook",
    "get_webhook": "Read a webhook",
    "change_webhook": "Change, pause or resume a webhook",
    "delete_webhook": "Delete a webhook",
    "get_webhook_secret": "Read the secret of a webhook",
    "rotate_webhook_secret": "Make another secret for a webhook",
    "test_webhook": "Send a test to a webhook",
    "list_webhook_deliveries": "List what was sent to a webhook",
    "resend_webhook_delivery": "Send a message once more",
    "get_me": "Ask who you are, and what you may",
    "get_usage": "See what was used",
    "healthz": "Ask whether the process answers",
    "readyz": "Ask whether uploads are taken and read",
    "metrics": "Read metrics",
}

# Without a body they are refused; the framework knows that only of serializers.
NEED_A_BODY = {"upload", "upload_append", "tick_action_item"}

LIMITS: dict[str, dict[str, Any]] = {
    "page": {"minimum": 1, "default": 1},
    # No maximum: more than `max_page_size` is not refused, but cut to that.
    "page_size": {"minimum": 1, "default": NumberedPages.page_size},
    "number": {"minimum": 1},
    "wait": {"minimum": 0, "maximum": LONGEST_WAIT, "default": 0},
    "limit": {"minimum": 1, "maximum": MOST_EVENTS, "default": USUAL_EVENTS},
    "after": {"minimum": 0},
    "lastEventId": {"minimum": 0},
    "Last-Event-ID": {"minimum": 0},
}

SCHEMES = {
    "bearer": "The `access` of `POST /auth/login`, which lives for JWT_EXPIRY minutes, or an API "
    "key (`atom_…`) of `/account/keys`, which lasts. Swagger UI wants it without the "
    "word Bearer.",
    "cookieAuth": "The session of a signed-in browser, which it sends by itself: there is nothing "
    "to fill in. Changes need its CSRF token as well.",
    "metricsToken": "ATOM_METRICS_TOKEN of the operator, for `/metrics` alone.",
}


def say_who_we_are(result: dict[str, Any]) -> None:
    result["info"] |= {
        "description": INTRODUCTION,
        "license": {"name": "MIT", "identifier": "MIT"},
        "contact": {"name": "Whoever runs this installation"},
    }
    result["servers"] = [{"url": "/", "description": "This installation."}]
    result["tags"] = [{"name": name, "description": said} for name, said in TAGS.items()]
    for name, scheme in result["components"]["securitySchemes"].items():
        scheme["description"] = SCHEMES[name]


def complete(operation: dict[str, Any]) -> None:
    operation["summary"] = SUMMARIES[operation["operationId"]]
    operation.setdefault("description", f"{operation['summary']}.")
    operation.setdefault("security", [{}])
    if body := operation.get("requestBody"):
        _settle(operation["operationId"], body)
    for parameter in operation.get("parameters", []):
        # Integers alone: `page` of another kind would be another parameter.
        if parameter["schema"].get("type") == "integer":
            parameter["schema"] |= LIMITS.get(parameter["name"], {})


def _settle(operation_id: str, body: dict[str, Any]) -> None:
    if operation_id in NEED_A_BODY:
        body["required"] = True
    # Forms are read as well; with two types for one model, generators make clients that break.
    if JSON in body["content"]:
        body["content"] = {JSON: body["content"][JSON]}
