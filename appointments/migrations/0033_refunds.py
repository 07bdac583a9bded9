"""Refunds that are told of one by one, each with the payment that it gives back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0032_texting")]

    operations = [
        migrations.AddField(
            model_name="moneyback",
            name="payment",
            field=models.CharField(
                blank=True,
                help_text="Of a refund: the payment that it gives back; empty while unknown.",
                max_length=120,
            ),
        ),
        migrations.AlterField(
            model_name="moneyback",
            name="state",
            field=models.CharField(
                choices=[
                    ("refund", "Given back"),
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
