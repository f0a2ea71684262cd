"""Tell the doubts of the tasks that stand on lists; those of earlier analyses are not shown there.

In batches of analyses, each a transaction of its own: a migration broken off can be run again.
"""

from django.db import migrations, transaction

BATCH = 200


def forwards(apps, schema_editor):
    alias = schema_editor.connection.alias
    listed = apps.get_model("documents", "ActionItem").objects.using(alias)
    listed = listed.exclude(listed_for=None).order_by()
    last = 0
    while True:
        rest = listed.filter(analysis__gt=last).order_by("analysis_id").values_list("analysis_id")
        ids = [pk for (pk,) in rest.distinct()[:BATCH]]
        if not ids:
            return
        last = ids[-1]
        with transaction.atomic(using=alias):
            _tell(apps, alias, listed.filter(analysis__in=ids).only("analysis_id", "position"))


def _tell(apps, alias, items):
    items = list(items)
    analyses = apps.get_model("documents", "Analysis").objects.using(alias)
    # Parts of the JSON only, taken out by the database: the whole of it may be large.
    rows = analyses.filter(pk__in={item.analysis_id for item in items}).values_list(
        "pk", "result__findings__actionable_items", "coverage__ocr__pages"
    )
    found = {pk: (tasks or [], pages or []) for pk, tasks, pages in rows}
    for item in items:
        tasks, pages = found[item.analysis_id]
        if item.position <= len(tasks):
            task = tasks[item.position - 1]
            item.doubt = "; ".join(_doubts(task, pages)) or None
            item.due_from = (task.get("due_from") or {}).get("date")
    type(items[0]).objects.using(alias).bulk_update(
        items, ["doubt", "due_from"], batch_size=BATCH
    )


def _doubts(task, recognized):
    added = [*task.get("unquoted_numbers", []), *task.get("unsupported_words", [])]
    if added:
        yield f"in none of its quotes: {', '.join(dict.fromkeys(added))}"
    if task.get("omitted_words"):
        yield f"its quotes also say: {', '.join(task['omitted_words'])}"
    if task.get("is_asked_for"):
        yield "the document only asks to say this"
    if task.get("second_look") == "contradicts":
        yield "a second look by the model found that its quotes contradict it"
    for place in task["evidence"][:1]:
        if place["match"] != "verbatim":
            yield "its quote is a close match, not word for word"
        if place["page"] in recognized:
            yield "its quote was read by OCR, where letters and numbers may be wrong"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("documents", "0042_task_doubts")]

    operations = [
        # Going back: the columns go with the migration before.
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
