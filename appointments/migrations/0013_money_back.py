from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models

import aro.clock

STATUS = [
    ("requested", "Link being made"),
    ("open", "Waiting for payment"),
    ("processing", "Payment under way"),
    ("paid", "Paid"),
    ("expired", "Expired"),
    ("refunded", "Refunded"),
    ("disputed", "Disputed"),
    ("lost", "Lost in a dispute"),
    ("closed", "Closed without payment"),
]
STATE = [
    ("failed", "Refund did not arrive"),
    ("asked", "Bank asks"),
    ("open", "Disputed"),
    ("won", "Dispute won"),
    ("lost", "Dispute lost"),
]


class Migration(migrations.Migration):
    dependencies = [("appointments", "0012_wishes")]

    operations = [
        migrations.AddField(
            model_name="deposit",
            name="refunds_told",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal("0.00"),
                help_text="The newest sum of refunds we were told.",
                max_digits=9,
            ),
        ),
        migrations.AddField(
            model_name="deposit",
            name="refunds_told_at",
            field=models.DateTimeField(blank=True, help_text="The provider's time of that sum.", null=True),
        ),
        migrations.AlterField(
            model_name="deposit",
            name="refunded_amount",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal("0.00"),
                help_text="Given back and, as far as is known, arrived.",
                max_digits=9,
            ),
        ),
        migrations.AlterField(
            model_name="deposit",
            name="status",
            field=models.CharField(choices=STATUS, default="requested", max_length=10),
        ),
        migrations.CreateModel(
            name="MoneyBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(
                        blank=True, help_text="The payment provider's id; empty while unknown.", max_length=120
                    ),
                ),
                ("state", models.CharField(choices=STATE, max_length=6)),
                ("amount", models.DecimalField(decimal_places=3, default=Decimal(0), max_digits=12)),
                (
                    "at",
                    models.DateTimeField(default=aro.clock.now, help_text="The provider's time of the newest news."),
                ),
                (
                    "deposit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="money_back",
                        to="appointments.deposit",
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("deposit", "ref"), name="money_back_once")]},
        ),
    ]
