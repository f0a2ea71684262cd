"""The audit log."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_account_permissions'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('action', models.CharField(choices=[('signed_in', 'Signed In'), ('signed_out', 'Signed Out'), ('password_changed', 'Password Changed'), ('document_deleted', 'Document Deleted'), ('document_erased', 'Document Erased'), ('document_expired', 'Document Expired'), ('analysis_exported', 'Analysis Exported'), ('user_erased', 'User Erased'), ('admin_added', 'Admin Added'), ('admin_changed', 'Admin Changed'), ('admin_deleted', 'Admin Deleted'), ('backed_up', 'Backed Up'), ('restored', 'Restored'), ('moved', 'Moved')], max_length=20)),
                ('actor', models.BigIntegerField(blank=True, help_text='id of a user; none where a command or a worker did it', null=True)),
                ('subject_kind', models.CharField(blank=True, max_length=40)),
                ('subject', models.CharField(blank=True, help_text='id of what it was done to', max_length=64)),
                ('address', models.CharField(blank=True, max_length=45)),
                ('request_id', models.CharField(blank=True, max_length=64)),
                ('figures', models.JSONField(blank=True, default=dict, help_text='numbers, never words')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['at'], name='audit_at'), models.Index(fields=['action', '-id'], name='audit_action')],
            },
        ),
    ]
