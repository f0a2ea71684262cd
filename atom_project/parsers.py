"""Parsers of request bodies that turn every trick into a 400."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import Any

from rest_framework.parsers import FormParser, JSONParser

from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem


class SafeJSONParser(JSONParser):
    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        require_utf8(parser_context)
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            # 200,000 brackets do it; DRF catches only ValueError, so it would be a stranger's 500.
            raise Problem(400, ProblemCode.PARSE_ERROR, "The JSON is nested too deeply.") from None


class SafeFormParser(FormParser):
    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        require_utf8(parser_context)
        return super().parse(stream, media_type, parser_context)


def require_utf8(parser_context: Mapping[str, Any] | None) -> None:
    """Refuse other charsets: some decode in quadratic time, some unpack far more than was sent."""
    charset = (parser_context or {}).get("encoding") or "utf-8"
    try:
        is_utf8 = codecs.lookup(charset).name in {"utf-8", "ascii"}
    except (LookupError, ValueError):
        is_utf8 = False
    if not is_utf8:
        raise Problem(400, ProblemCode.PARSE_ERROR, "The request must be encoded in UTF-8.")
