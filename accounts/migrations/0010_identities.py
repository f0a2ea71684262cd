"""Who is linked to whom at a provider of OpenID Connect."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_webhook_acts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('signed_in', 'Signed In'), ('signed_out', 'Signed Out'), ('password_changed', 'Password Changed'), ('document_deleted', 'Document Deleted'), ('document_trashed', 'Document Trashed'), ('document_restored', 'Document Restored'), ('document_erased', 'Document Erased'), ('document_expired', 'Document Expired'), ('analysis_exported', 'Analysis Exported'), ('tasks_exported', 'Tasks Exported'), ('feed_made', 'Feed Made'), ('feed_renewed', 'Feed Renewed'), ('feed_ended', 'Feed Ended'), ('key_made', 'Key Made'), ('key_ended', 'Key Ended'), ('webhook_made', 'Webhook Made'), ('webhook_changed', 'Webhook Changed'), ('webhook_ended', 'Webhook Ended'), ('identity_linked', 'Identity Linked'), ('identity_unlinked', 'Identity Unlinked'), ('user_joined', 'User Joined'), ('user_erased', 'User Erased'), ('admin_added', 'Admin Added'), ('admin_changed', 'Admin Changed'), ('admin_deleted', 'Admin Deleted'), ('backed_up', 'Backed Up'), ('restored', 'Restored'), ('moved', 'Moved')], max_length=20),
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('issuer', models.CharField(max_length=255)),
                ('subject', models.CharField(max_length=255)),
                ('linked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, db_index=False, related_name='identities', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'identities',
                'ordering': ['-linked_at'],
                'constraints': [models.UniqueConstraint(fields=('issuer', 'subject'), name='identity_subject'), models.UniqueConstraint(fields=('user', 'issuer'), name='identity_of_user')],
            },
        ),
    ]
