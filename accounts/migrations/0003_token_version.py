from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_sign_outs'),
    ]

    operations = [
        migrations.RenameField('user', 'sign_outs', 'token_version'),
        migrations.RenameField('loginsession', 'fingerprint', 'auth_hash'),
    ]
