"""The browsable API: each address as a page, with forms, filters and ways to what belongs to it.

None of it concerns programs: who asks for JSON gets what there was before.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from django.template import loader
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import BrowsableAPIRenderer
from rest_framework.request import Request

ROOT = "api-root"
NOTHING_CHOSEN = "not set"
NOT_KEPT = {"page", "after", "before", "format"}  # Other filters have other pages.


class Link(NamedTuple):
    name: str
    url: str


class ApiPage(BrowsableAPIRenderer):
    filter_template = "rest_framework/_filters.html"

    def get_context(self, data: Any, accepted_media_type: str | None, renderer_context: Any) -> Any:
        context = super().get_context(data, accepted_media_type, renderer_context)
        is_good = context["response"].status_code < 400
        parts, moves = _links(context["view"]) if is_good else ([], [])
        types = [parser.media_type for parser in context["view"].parser_classes]
        return {**context, "parts": parts, "moves": moves, "form_types": types}

    def get_breadcrumbs(self, request: Request) -> list[Any]:
        root = reverse(ROOT)
        crumbs = [Link(*crumb) for crumb in super().get_breadcrumbs(request)]
        return [Link("API", root), *(crumb for crumb in crumbs if crumb.url.rstrip("/") != root)]

    def get_filter_form(self, data: Any, view: Any, request: Request) -> str | None:
        filterset = getattr(view, "filterset_class", None)
        is_list = getattr(view, "action", "list") == "list"
        if filterset is None or not is_list or not request.user.is_authenticated:
            return None
        form = filterset(request.query_params).form
        hints = _hints(view)
        for name, field in form.fields.items():
            field.label = name.replace("_", " ").capitalize()
            field.help_text = hints.get(name, "")
            if getattr(field, "empty_label", None):
                field.empty_label = NOTHING_CHOSEN
                field.widget.choices = [("", NOTHING_CHOSEN), *list(field.choices)[1:]]
        asked = request.query_params.items()
        others = {*form.fields, *NOT_KEPT}
        context = {
            "form": form,
            "is_asked": any(value for name, value in asked if name in form.fields),
            "kept": [(name, value) for name, value in asked if name not in others],
        }
        return loader.render_to_string(self.filter_template, context, request._request)

    def get_raw_data_form(self, data: Any, view: Any, method: str, request: Request) -> Any:
        """With what can be changed only; the framework offers whatever is shown."""
        form = super().get_raw_data_form(data, view, method, request)
        content = form and form.fields["_content"]
        if content and content.initial:
            fields = view.get_serializer().fields
            shown = json.loads(content.initial)
            changeable = {
                name: value for name, value in shown.items() if not fields[name].read_only
            }
            content.initial = json.dumps(changeable, indent=4, ensure_ascii=False)
        return form


def _links(view: Any) -> tuple[list[Link], list[Link]]:
    """Ways to the parts of a thing, and to what can be done with it."""
    parts: list[Link] = []
    moves: list[Link] = []
    methods = {each.kwargs["name"]: each.mapping for each in _actions(view)}
    urls = view.get_extra_action_url_map() if methods else {}
    for name, url in urls.items():
        (parts if "get" in methods[name] else moves).append(Link(name, url))
    more = view.more_links() if hasattr(view, "more_links") else []
    return [*parts, *more], moves


def _actions(view: Any) -> list[Any]:
    return list(view.get_extra_actions()) if hasattr(view, "get_extra_actions") else []


def _hints(view: Any) -> dict[str, str]:
    """What the description of the API says of each parameter: its first sentence."""
    inspector = view.list.kwargs["schema"]()
    inspector.view = view
    described: list[OpenApiParameter] = inspector.get_override_parameters()
    return {
        each.name: str(each.description).split(". ")[0].replace("`", "").rstrip(".") + "."
        for each in described
        if each.description
    }
