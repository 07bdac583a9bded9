"""A further payment of a deposit is a row, too, so that what comes back of it is told apart."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0029_person_told")]

    operations = [
        migrations.AlterField(
            model_name="moneyback",
            name="state",
            field=models.CharField(
                choices=[
                    ("failed", "Refund did not arrive"),
                    ("asked", "Bank asks"),
                    ("open", "Disputed"),
                    ("won", "Dispute won"),
                    ("lost", "Dispute lost"),
                    ("second", "Paid a second time"),
                    ("gone", "Second payment given back"),
                ],
                max_length=6,
            ),
        ),
    ]
