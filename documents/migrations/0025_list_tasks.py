"""Put the tasks of every document's newest analysis on lists, and its kind, tone and topics.

In batches of documents, each a transaction of its own: no lock is held for long, memory stays
small, and a migration that was broken off goes on where it is run again.
"""

from django.db import migrations, transaction
from django.db.models import F, Max

BATCH = 500
LONGEST = 100  # characters, as in the models


def forwards(apps, schema_editor):
    Document = apps.get_model("documents", "Document")
    every = Document.objects.using(schema_editor.connection.alias).order_by("pk")
    # What is in the trash is on no list; it comes there when it is restored.
    documents = every.exclude(status="trashed")
    last = None
    while True:
        rest = documents.filter(pk__gt=last) if last else documents
        ids = list(rest.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        last = ids[-1]
        with transaction.atomic(using=schema_editor.connection.alias):
            _list(apps, schema_editor.connection.alias, ids)


def _list(apps, alias, documents):
    analyses = apps.get_model("documents", "Analysis").objects.using(alias)
    of_these = analyses.filter(document__in=documents).order_by()
    newest = [row["newest"] for row in of_these.values("document").annotate(newest=Max("pk"))]
    # Parts of the JSON only, taken out by the database: the whole of it may be large.
    rows = analyses.filter(pk__in=newest).values(
        *("pk", "document_id", "created_at", "result__topics", "result__sentiment"),
        owner=F("document__owner"),
        kind=F("result__findings__document_kind"),
    )
    _classify(apps, alias, documents, rows)
    _list_items(apps, alias, {row["pk"]: row["owner"] for row in rows})


def _list_items(apps, alias, owners):
    items = apps.get_model("documents", "ActionItem").objects.using(alias)
    found = list(items.filter(analysis__in=owners).only("analysis_id", "assignee").order_by())
    for item in found:
        item.listed_for_id = owners[item.analysis_id]
        item.assignee_key = _key(item.assignee)
    items.bulk_update(found, ["listed_for", "assignee_key"], batch_size=BATCH)


def _classify(apps, alias, documents, rows):
    classifications = apps.get_model("documents", "Classification").objects.using(alias)
    topics = apps.get_model("documents", "DocumentTopic").objects.using(alias)
    topics.filter(classification__in=documents).delete()
    classifications.filter(pk__in=documents).delete()
    classifications.bulk_create(
        classifications.model(
            document_id=row["document_id"],
            owner_id=row["owner"],
            kind=(row["kind"] or "")[:20],
            tone=(row["result__sentiment"] or "not_assessed")[:20],
            analyzed_at=row["created_at"],
        )
        for row in rows
    )
    topics.bulk_create(
        topics.model(
            classification_id=row["document_id"], owner_id=row["owner"], key=key, label=label
        )
        for row in rows
        for key, label in _topics(row["result__topics"] or []).items()
    )


def _topics(labels):
    return {key: label[:LONGEST] for label in labels if (key := _key(label))}


def _key(name):
    return " ".join(name.split()).casefold()[:LONGEST]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("documents", "0024_todo"),
    ]

    operations = [
        # Going back: the columns and tables go with the migration before.
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
