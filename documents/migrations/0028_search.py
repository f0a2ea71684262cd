"""The search index: rows of folded words, and what each kind of database derives from them.

SQLite gets an FTS5 table whose content is the rows and that triggers keep; PostgreSQL a generated
column with a GIN index. A later migration that makes SQLite copy the table of rows
(https://docs.djangoproject.com/en/5.2/topics/migrations/#sqlite) has to make the triggers again.

Documents of before are not indexed here: folding the words of 100,000 takes minutes, in which
nobody could use the service. They are written into the backlog; housekeeping and `manage.py
reindex` work that down, and until then they are searched letter by letter as before.
"""

import django.db.models.deletion
from django.db import migrations, models

SQLITE = [
    # Terms are folded already: whatever stands between two spaces is one.
    """CREATE VIRTUAL TABLE documents_search_words USING fts5(
        owner_id, name, findings, text,
        content='documents_searchentry', content_rowid='id', tokenize='ascii'
    )""",
    """CREATE TRIGGER documents_search_added AFTER INSERT ON documents_searchentry BEGIN
        INSERT INTO documents_search_words (rowid, owner_id, name, findings, text)
        VALUES (new.id, new.owner_id, new.name, new.findings, new.text);
    END""",
    """CREATE TRIGGER documents_search_removed AFTER DELETE ON documents_searchentry BEGIN
        INSERT INTO documents_search_words
            (documents_search_words, rowid, owner_id, name, findings, text)
        VALUES ('delete', old.id, old.owner_id, old.name, old.findings, old.text);
    END""",
    """CREATE TRIGGER documents_search_changed AFTER UPDATE ON documents_searchentry BEGIN
        INSERT INTO documents_search_words
            (documents_search_words, rowid, owner_id, name, findings, text)
        VALUES ('delete', old.id, old.owner_id, old.name, old.findings, old.text);
        INSERT INTO documents_search_words (rowid, owner_id, name, findings, text)
        VALUES (new.id, new.owner_id, new.name, new.findings, new.text);
    END""",
]
# The triggers go with the table of rows.
SQLITE_BACK = ["DROP TABLE documents_search_words"]

POSTGRESQL = [
    # Or replace: a restored older dump leaves the function of the database it was restored into.
    # No parser of PostgreSQL's: it takes "example.com" for one word, and others as the locale says.
    # A word that comes after the 16,383rd place is said to stand there; there are no places beyond.
    """CREATE OR REPLACE FUNCTION documents_search_terms(terms text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT coalesce(string_agg(term || ':' || least(place, 16383), ' '), '')::tsvector
        FROM unnest(string_to_array(translate(terms, E'\\n', ' '), ' '))
            WITH ORDINALITY AS each(term, place)
        WHERE term <> ''
    $$""",
    # The owner is one of the terms: `_` is in no other. So one index finds both, and btree_gin,
    # which not every server has and which a restored dump has to be allowed to make, is not needed.
    """ALTER TABLE documents_searchentry ADD COLUMN vector tsvector GENERATED ALWAYS AS (
        array_to_tsvector(ARRAY['_' || owner_id::text])
        || setweight(documents_search_terms(name), 'A')
        || setweight(documents_search_terms(findings), 'B')
        || documents_search_terms(text)
    ) STORED""",
    # Every search looks through the list of pending rows (KiB): short, and still half the cost of a
    # row compared with none.
    """CREATE INDEX documents_search_words ON documents_searchentry
    USING gin (vector) WITH (gin_pending_list_limit = 1024)""",
]
POSTGRESQL_BACK = [
    "ALTER TABLE documents_searchentry DROP COLUMN vector",
    "DROP FUNCTION documents_search_terms(text)",
]

ENQUEUE_ALL = """
    INSERT INTO documents_searchbacklog (document_id)
    SELECT id FROM documents_document WHERE status <> 'trashed' ORDER BY created_at, queue_number
"""


def derive(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if is_postgresql else SQLITE:
        schema_editor.execute(statement, params=None)
    schema_editor.execute(ENQUEUE_ALL, params=None)


def take_back(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL_BACK if is_postgresql else SQLITE_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("documents", "0027_server_memories")]

    operations = [
        migrations.CreateModel(
            name="SearchBacklog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="documents.document")),
            ],
            options={"verbose_name_plural": "search backlog"},
        ),
        migrations.CreateModel(
            name="SearchEntry",
            # Texts last: SQLite walks through all that stands before a column.
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="search_entries", to="documents.document")),
                ("part", models.PositiveIntegerField(default=1)),
                ("owner_id", models.BigIntegerField()),
                ("first_page", models.PositiveIntegerField(default=1, help_text="that the first line is of")),
                ("name", models.TextField(blank=True, help_text="words of the file's name")),
                ("findings", models.TextField(blank=True, help_text="words of summary, topics and tasks")),
                ("text", models.TextField(blank=True, help_text="words of pages, a line for each")),
            ],
            options={
                "verbose_name_plural": "search entries",
                "constraints": [models.UniqueConstraint(fields=("document", "part"), name="search_entry_once")],
            },
        ),
        migrations.RunPython(derive, take_back),
    ]
