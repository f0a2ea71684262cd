"""Tasks of all documents, in tables of their own: who is asked, kinds, tones, topics, feeds."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_more_audit'),
        ('documents', '0023_trash'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Classification',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='classification', serialize=False, to='documents.document')),
                ('kind', models.CharField(blank=True, help_text='blank: nobody told', max_length=20)),
                ('tone', models.CharField(max_length=20)),
                ('analyzed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='DocumentTopic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='the label as it is compared', max_length=100)),
                ('label', models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name='TaskFeed',
            fields=[
                ('owner', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='task_feed', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('secret_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('fetched_at', models.DateTimeField(blank=True, help_text='within the hour', null=True)),
            ],
        ),
        migrations.AddField(
            model_name='actionitem',
            name='assignee_key',
            field=models.CharField(blank=True, help_text='the assignee as compared; see `name_key`', max_length=100),
        ),
        migrations.AddField(
            model_name='actionitem',
            name='first_id',
            field=models.BigIntegerField(blank=True, help_text='of the same task where it was found first; empty: here', null=True),
        ),
        migrations.AddField(
            model_name='actionitem',
            name='listed_for',
            field=models.ForeignKey(blank=True, db_index=False, help_text='whose to-do list it stands on; empty once a newer analysis has replaced its own', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='actionitem',
            index=models.Index(fields=['listed_for', 'due_date', 'analysis', 'position', 'done'], name='item_listed'),
        ),
        migrations.AddIndex(
            model_name='actionitem',
            index=models.Index(fields=['listed_for', 'assignee_key', 'due_date', 'analysis', 'position', 'done'], name='item_assignee'),
        ),
        migrations.AddField(
            model_name='classification',
            name='owner',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='documenttopic',
            name='classification',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='topics', to='documents.classification'),
        ),
        migrations.AddField(
            model_name='documenttopic',
            name='owner',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='classification',
            index=models.Index(fields=['owner', 'kind'], name='document_kind'),
        ),
        migrations.AddIndex(
            model_name='classification',
            index=models.Index(fields=['owner', 'analyzed_at', 'tone'], name='document_tone'),
        ),
        migrations.AddIndex(
            model_name='documenttopic',
            index=models.Index(fields=['owner', 'key', 'label'], name='document_topic'),
        ),
    ]
