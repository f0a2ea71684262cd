"""Let status events commit in the order of their ids on PostgreSQL.

Ids are given before the commit there: without a lock, whoever reads "everything after the
last id I saw" skips events of transactions that commit late. The trigger fires before the
id is taken, and cannot be forgotten by any insert. It also wakes those who wait for events
(see documents/wakeup.py), which saves a statement for each. SQLite has one writer and needs none.
"""

from django.db import migrations

EVENT_LOCK = 0x41544F4D_0002

CREATE = f"""
CREATE FUNCTION documents_event_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({EVENT_LOCK});
    PERFORM pg_notify('atom_events', '');
    RETURN NULL;
END $$;
CREATE TRIGGER documents_event_order BEFORE INSERT ON documents_statusevent
    FOR EACH STATEMENT EXECUTE FUNCTION documents_event_order();
"""

DROP = """
DROP TRIGGER documents_event_order ON documents_statusevent;
DROP FUNCTION documents_event_order();
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE, params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP, params=None)


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
