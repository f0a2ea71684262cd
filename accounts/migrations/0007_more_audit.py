"""Exports of all tasks, and calendar feeds, in the audit log."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_trash_acts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('signed_in', 'Signed In'), ('signed_out', 'Signed Out'), ('password_changed', 'Password Changed'), ('document_deleted', 'Document Deleted'), ('document_trashed', 'Document Trashed'), ('document_restored', 'Document Restored'), ('document_erased', 'Document Erased'), ('document_expired', 'Document Expired'), ('analysis_exported', 'Analysis Exported'), ('tasks_exported', 'Tasks Exported'), ('feed_made', 'Feed Made'), ('feed_renewed', 'Feed Renewed'), ('feed_ended', 'Feed Ended'), ('user_erased', 'User Erased'), ('admin_added', 'Admin Added'), ('admin_changed', 'Admin Changed'), ('admin_deleted', 'Admin Deleted'), ('backed_up', 'Backed Up'), ('restored', 'Restored'), ('moved', 'Moved')], max_length=20),
        ),
    ]
