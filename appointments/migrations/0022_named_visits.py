import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0021_sender_ids"),
    ]

    operations = [
        migrations.CreateModel(
            name="NamedVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("visit_start", models.DateTimeField(help_text="Its start when it was named.")),
                ("planned_for", models.DateTimeField(help_text="When a text about this visit alone was due.")),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="named_in",
                        to="appointments.appointment",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="named", to="appointments.message"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("message", "appointment"), name="visit_named_once")],
            },
        ),
    ]
