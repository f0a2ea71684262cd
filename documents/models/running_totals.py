"""Running totals: sums over a table, kept by triggers in the transaction of every change.

Triggers, because whoever writes or deletes a row is counted, whichever way it is done. One row of
totals stands for all rows that have the same keys.

SQLite counts row by row. PostgreSQL would leave a dead version of the row of totals for each of
them, and walk over all of these for the next: there a statement is counted as one, from its
transition tables. It takes rows of totals in the order of their keys, as everybody does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connections, transaction

_ADD = """
    INSERT INTO {table} ({columns}) VALUES ({values})
    ON CONFLICT ({keys}) DO UPDATE SET {grown};
"""
_REMOVE = "UPDATE {table} SET {shrunk} WHERE {is_of_row};"

_SQLITE = {
    "insert": "CREATE TRIGGER {name}_insert AFTER INSERT ON {source} BEGIN {add} END",
    "delete": "CREATE TRIGGER {name}_delete AFTER DELETE ON {source} BEGIN {remove} END",
    "update": """
        CREATE TRIGGER {name}_update AFTER UPDATE OF {reads} ON {source} WHEN {differs}
        BEGIN {remove} {add} END
    """,
}

_POSTGRESQL = """
CREATE OR REPLACE FUNCTION {name}_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE change record;
BEGIN
    FOR change IN
        SELECT {keys}, {added_up} FROM ({changes}) AS changes
        GROUP BY {keys} HAVING {is_something} ORDER BY {keys}
    LOOP
        {lock}
        {add}
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER {name}_{event} AFTER {event} ON {source} REFERENCING {tables}
    FOR EACH STATEMENT EXECUTE FUNCTION {name}_{event}();
"""
# The transition tables of each event, and whether their rows are added or taken away.
_TRANSITIONS = {
    "insert": {"NEW": ""},
    "delete": {"OLD": "-"},
    "update": {"OLD": "-", "NEW": ""},
}

_FOUND = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger",
}
_COUNT = "SELECT {values} FROM {source} AS counted GROUP BY {groups}"
# One statement, so that all of it is of one moment.
_DIFFERENCES = """
    WITH told AS (SELECT {columns} FROM {table} WHERE {is_something}),
    counted AS ({count} HAVING {adds_up})
    SELECT count(*) FROM (
        SELECT * FROM (SELECT * FROM told EXCEPT SELECT * FROM counted) AS only_told
        UNION ALL
        SELECT * FROM (SELECT * FROM counted EXCEPT SELECT * FROM told) AS only_counted
    ) AS differences
"""


@dataclass(frozen=True)
class RunningTotals:
    """Which sums of which table. Keys and sums are expressions over a row, called `{row}`."""

    name: str  # of the triggers, which have the event behind it
    source: str
    reads: tuple[str, ...]  # the columns of the source that keys and sums are made of
    table: str  # of the totals
    keys: Mapping[str, str]  # as integers, texts or days, never null
    sums: Mapping[str, str]
    lock: int | None = None  # advisory; on PostgreSQL it comes before any row of totals

    def keep(self, using: str) -> None:
        """Make the triggers where they are missing, and count anew.

        SQLite loses them whenever a migration copies the table.
        """
        with connections[using].cursor() as cursor:
            cursor.execute(_FOUND[connections[using].vendor])
            found = {name for (name,) in cursor.fetchall()}
        is_kept = found >= {f"{self.name}_{event}" for event in _TRANSITIONS}
        if not is_kept and self._has_columns(using):
            self.make(using)

    def _has_columns(self, using: str) -> bool:
        """Whether migrations have come so far, and not gone back again."""
        look = connections[using].introspection
        with connections[using].cursor() as cursor:
            if self.table not in look.table_names(cursor):
                return False
            columns = {column.name for column in look.get_table_description(cursor, self.table)}
        return columns >= {*self.keys, *self.sums}

    def make(self, using: str) -> None:
        """Make triggers and totals anew, whatever there is; writers wait meanwhile."""
        count = _COUNT.format(source=self.source, **self._counting())
        columns = ", ".join([*self.keys, *self.sums])
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            # First, for on PostgreSQL that keeps all who write out until the end of this.
            self.forget(using)
            for statement in self.triggers(connections[using].vendor):
                cursor.execute(statement)
            cursor.execute(f"DELETE FROM {self.table}")  # noqa: S608
            cursor.execute(f"INSERT INTO {self.table} ({columns}) {count}")

    def forget(self, using: str) -> None:
        """Drop the triggers."""
        where = f" ON {self.source}" if connections[using].vendor == "postgresql" else ""
        with connections[using].cursor() as cursor:
            for event in _TRANSITIONS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {self.name}_{event}{where}")

    def differences(self, using: str = "default") -> int:
        """How many rows of totals say something else than a full count, or should not be, or be."""
        counting = self._counting()
        statement = _DIFFERENCES.format(
            columns=", ".join([*self.keys, *self.sums]),
            table=self.table,
            is_something=_any("{} <> 0", self.sums),
            count=_COUNT.format(source=self.source, **counting),
            adds_up=_any("sum({}) <> 0", _of_row(self.sums, "counted").values()),
        )
        with connections[using].cursor() as cursor:
            cursor.execute(statement)
            found: int = cursor.fetchone()[0]
        return found

    def _counting(self) -> dict[str, str]:
        groups = list(_of_row(self.keys, "counted").values())
        sums = [f"sum({value})" for value in _of_row(self.sums, "counted").values()]
        return {"values": ", ".join([*groups, *sums]), "groups": ", ".join(groups)}

    def triggers(self, vendor: str) -> list[str]:
        """The statements that make them."""
        if vendor == "postgresql":
            return [self._on_postgresql(event) for event in _TRANSITIONS]
        before, after = (_of_row({**self.keys, **self.sums}, row) for row in ("old", "new"))
        parts = {
            "name": self.name,
            "source": self.source,
            "reads": ", ".join(self.reads),
            "differs": " OR ".join(f"{before[name]} IS NOT {after[name]}" for name in before),
            "add": self._add(after),
            "remove": self._remove(before),
        }
        return [statement.format(**parts) for statement in _SQLITE.values()]

    def _on_postgresql(self, event: str) -> str:
        signs = _TRANSITIONS[event]
        keys = ", ".join(self.keys)
        return _POSTGRESQL.format(
            name=self.name,
            event=event,
            source=self.source,
            keys=keys,
            added_up=", ".join(f"sum({name}) AS {name}" for name in self.sums),
            changes=" UNION ALL ".join(self._changes(*side) for side in signs.items()),
            is_something=_any("sum({}) <> 0", self.sums),
            lock=f"PERFORM pg_advisory_xact_lock({self.lock});" if self.lock else "",
            add=self._add({name: f"change.{name}" for name in [*self.keys, *self.sums]}),
            tables=" ".join(f"{side} TABLE AS {side.lower()}_rows" for side in signs),
        )

    def _changes(self, side: str, sign: str) -> str:
        """What the rows of a transition table add, or with a minus take away."""
        row = f"{side.lower()}_rows"
        keys, sums = _of_row(self.keys, row), _of_row(self.sums, row)
        signed = {name: f"{sign}({value})" for name, value in sums.items()}
        columns = ", ".join(f"{value} AS {name}" for name, value in (keys | signed).items())
        return f"SELECT {columns} FROM {row}"  # noqa: S608

    def _add(self, values: Mapping[str, str]) -> str:
        return _ADD.format(
            table=self.table,
            columns=", ".join(values),
            values=", ".join(values.values()),
            keys=", ".join(self.keys),
            grown=", ".join(
                f"{name} = {self.table}.{name} + excluded.{name}" for name in self.sums
            ),
        )

    def _remove(self, values: Mapping[str, str]) -> str:
        return _REMOVE.format(
            table=self.table,
            shrunk=", ".join(f"{name} = {name} - ({values[name]})" for name in self.sums),
            is_of_row=" AND ".join(f"{name} = {values[name]}" for name in self.keys),
        )


def _of_row(expressions: Mapping[str, str], row: str) -> dict[str, str]:
    return {name: value.format(row=row) for name, value in expressions.items()}


def _any(template: str, values: Iterable[str]) -> str:
    return " OR ".join(template.format(value) for value in values)
