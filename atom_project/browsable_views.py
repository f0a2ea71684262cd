"""Views of the browsable API: what each says of itself for its page, and its form by GET.

Apart from the renderer, which the framework imports before there are views.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework.response import Response
from rest_framework.views import APIView

from atom_project.browsable_api import ApiPage, Link


class FormPage(Response):
    """The form of an address that only takes something: nothing was asked, so nothing answers."""

    is_form = True


class BrowsableView(APIView):
    """What a view says of itself for its page."""

    filterset_class: Any = None  # of its list; each filter gets a control
    # What its list is called, and one thing of it; a viewset's `name` is taken by its actions.
    many = one = ""

    def get_view_name(self) -> str:
        own = self.one if getattr(self, "detail", False) else self.many
        return own if own and not self._is_action else super().get_view_name()

    def get_view_description(self, html: bool = False) -> Any:
        if getattr(self, "detail", False) and not self._is_action:
            self.description = getattr(self, "retrieve", self).__doc__
        return super().get_view_description(html)

    @property
    def _is_action(self) -> bool:
        # Its name, such as "Pages", was given to this instance.
        return "name" in vars(self)

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Browsers get the form, where GET is refused; to programs it stays refused."""
        is_page = isinstance(getattr(request, "accepted_renderer", None), ApiPage)
        if request.method == "GET" and is_page and "POST" in self.allowed_methods:
            self.require_target()
            return FormPage()
        return super().http_method_not_allowed(request, *args, **kwargs)

    def require_target(self) -> None:
        """Raise `Http404` where a form would be sent to nothing."""

    def more_links(self) -> Sequence[Link]:
        """Ways to what belongs to this, besides the actions of its own."""
        return []
