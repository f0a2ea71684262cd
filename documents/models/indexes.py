"""Indexes that Django has no word for."""

from __future__ import annotations

from typing import Any

from django.db import models


class NullsLastIndex(models.Index):
    """Going down, rows without a value come last, on every database.

    SQLite has them there by itself; PostgreSQL has them first, and sorts all rows of an index that
    is not made as the list is ordered.
    """

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        statement = super().create_sql(model, schema_editor, using, **kwargs)
        if schema_editor.connection.vendor == "postgresql":
            columns: Any = statement.parts["columns"]
            columns.col_suffixes = [
                f"{order} NULLS LAST"
                if order == "DESC" and model._meta.get_field(name).null
                else order
                for name, order in self.fields_orders
            ]
        return statement
