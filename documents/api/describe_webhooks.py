"""What the calls for webhooks take and answer, for the OpenAPI description."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema

from documents.api import webhook_serializers as shapes
from documents.api.describe import PAGING, answers

ID = OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)
DELIVERY = OpenApiParameter("delivery", OpenApiTypes.INT, OpenApiParameter.PATH)
PAGES = [
    OpenApiParameter("page", OpenApiTypes.INT),
    OpenApiParameter("page_size", OpenApiTypes.INT, description=PAGING),
]
PAGE_PROBLEMS = {400: "`page` or `page_size` is not understood."}
NO_WEBHOOK = {404: "No webhook of yours has this id."}
BAD = {400: "The address is none that webhooks may go to, or a field is wrong; see `detail`."}
HELD = "Staff have paused it"
TAGS = ["webhooks"]

webhook_list = extend_schema(
    operation_id="list_webhooks",
    tags=TAGS,
    parameters=PAGES,
    responses=answers({200: shapes.WebhookSerializer(many=True)}, PAGE_PROBLEMS),
)

making = extend_schema(
    operation_id="create_webhook",
    tags=TAGS,
    request=shapes.MakeWebhookSerializer,
    parameters=[
        OpenApiParameter(
            "Location",
            OpenApiTypes.URI,
            OpenApiParameter.HEADER,
            response=[201],
            description="Of the webhook.",
        )
    ],
    responses=answers(
        {201: shapes.NewWebhookSerializer},
        {**BAD, 409: "You have as many as may be, or staff have paused one to this host."},
    ),
    examples=[
        OpenApiExample(
            "When something is finished",
            request_only=True,
            value={
                "url": "https://hooks.example.com/atom",
                "event_types": ["document.completed", "document.failed"],
            },
        )
    ],
)

webhook = extend_schema(
    operation_id="get_webhook",
    tags=TAGS,
    parameters=[ID],
    responses=answers({200: shapes.WebhookSerializer}, NO_WEBHOOK),
)

change = extend_schema(
    operation_id="change_webhook",
    tags=TAGS,
    parameters=[ID],
    request=shapes.WebhookChangeSerializer,
    responses=answers(
        {200: shapes.WebhookSerializer}, {**BAD, **NO_WEBHOOK, 409: f"{HELD}; ask them."}
    ),
    examples=[OpenApiExample("Pause it", request_only=True, value={"enabled": False})],
)

deletion = extend_schema(
    operation_id="delete_webhook",
    tags=TAGS,
    parameters=[ID],
    responses=answers({204: None}, {**NO_WEBHOOK, 409: f"{HELD}; ask them."}),
)

secret = extend_schema(
    operation_id="get_webhook_secret",
    tags=TAGS,
    parameters=[ID],
    responses=answers({200: shapes.SecretSerializer}, NO_WEBHOOK),
)

rotation = extend_schema(
    operation_id="rotate_webhook_secret",
    tags=TAGS,
    parameters=[ID],
    request=None,
    responses=answers({200: shapes.SecretSerializer}, NO_WEBHOOK),
)

test = extend_schema(
    operation_id="test_webhook",
    tags=TAGS,
    parameters=[ID],
    request=None,
    responses=answers(
        {202: shapes.WebhookDeliverySerializer},
        {**NO_WEBHOOK, 409: f"{HELD}, or too many messages wait to be sent."},
    ),
)

delivery_list = extend_schema(
    operation_id="list_webhook_deliveries",
    tags=TAGS,
    parameters=[ID, *PAGES],
    responses=answers(
        {200: shapes.WebhookDeliverySerializer(many=True)}, {**PAGE_PROBLEMS, **NO_WEBHOOK}
    ),
)

resending = extend_schema(
    operation_id="resend_webhook_delivery",
    tags=TAGS,
    parameters=[ID, DELIVERY],
    request=None,
    responses=answers(
        {202: shapes.WebhookDeliverySerializer},
        {
            404: "No webhook of yours has this id, or it has no such delivery.",
            409: f"{HELD}, too many messages wait, or its event is gone.",
        },
    ),
)
