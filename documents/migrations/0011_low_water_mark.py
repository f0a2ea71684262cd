import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0010_open_circuit'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel('EventFloor', 'LowWaterMark'),
        migrations.AlterField(
            model_name='lowwatermark',
            name='owner',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='low_water_mark', serialize=False, to=settings.AUTH_USER_MODEL),
        ),
    ]
