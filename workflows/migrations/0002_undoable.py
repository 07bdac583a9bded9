import django.db.models.deletion
from django.db import migrations, models

import aro.clock
import aro.ids


class Migration(migrations.Migration):
    dependencies = [("appointments", "0017_settling"), ("workflows", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Undoable",
            fields=[
                ("id", models.UUIDField(default=aro.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("command", models.CharField(max_length=48)),
                ("actor_id", models.CharField(blank=True, max_length=64)),
                (
                    "changed",
                    models.JSONField(default=list, help_text="[model, key, {field: [before, after]}] each."),
                ),
                ("made", models.JSONField(default=list, help_text="[model, key] each.")),
                (
                    "followers",
                    models.JSONField(default=list, help_text="[lane, reference] of what was made due for later, each."),
                ),
                (
                    "stamp",
                    models.DateTimeField(help_text="When the visit or person was last written, this change included."),
                ),
                ("at", models.DateTimeField(default=aro.clock.now)),
                ("until", models.DateTimeField(help_text="From then on it has followed.")),
                (
                    "appointment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="appointments.appointment",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="appointments.customer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["appointment", "until"], name="undoable_appointment"),
                    models.Index(fields=["customer", "until"], name="undoable_customer"),
                    models.Index(fields=["until"], name="undoable_until"),
                ],
            },
        ),
    ]
