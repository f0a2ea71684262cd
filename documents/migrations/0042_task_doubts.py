from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0040_ready_total")]

    # Nullable: SQLite then adds the columns, instead of copying the table.
    operations = [
        migrations.AddField(
            model_name="actionitem",
            name="doubt",
            field=models.TextField(
                blank=True,
                null=True,
                help_text="what its reader has to know, in words; empty where there is nothing",
            ),
        ),
        migrations.AddField(
            model_name="actionitem",
            name="due_from",
            field=models.DateField(
                blank=True, null=True, help_text="the day from which its deadline was counted"
            ),
        ),
    ]
