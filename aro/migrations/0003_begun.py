"""A row that hangs its worker is known by having been begun alone and never ended (aro/queue/work.py)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("aro", "0002_key_proofs")]

    operations = [
        migrations.AddField(
            model_name="due",
            name="begun",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="How often it was begun alone and its worker never came back."
            ),
        ),
    ]
