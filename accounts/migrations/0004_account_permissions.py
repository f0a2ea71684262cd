from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_token_version'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='user',
            options={'permissions': (('sign_out_user', 'Can sign users out everywhere'), ('deactivate_user', 'Can deactivate users')), 'verbose_name': 'user', 'verbose_name_plural': 'users'},
        ),
    ]
