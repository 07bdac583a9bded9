from __future__ import annotations

from django.db import migrations, models

STATES = [
    ("refund", "Given back"),
    ("failed", "Refund did not arrive"),
    ("asked", "Bank asks"),
    ("open", "Disputed"),
    ("won", "Dispute won"),
    ("lost", "Dispute lost"),
    ("second", "Paid a second time"),
    ("part", "Paid in part"),
    ("gone", "Second payment given back"),
]


class Migration(migrations.Migration):
    dependencies = [("appointments", "0037_names_without_apostrophes")]

    operations = [
        migrations.AlterField(
            model_name="moneyback", name="state", field=models.CharField(choices=STATES, max_length=6)
        ),
    ]
