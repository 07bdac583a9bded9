from __future__ import annotations

from django.db import migrations, models

STATES = [
    ("booked", "Booked"),
    ("confirmed", "Confirmed"),
    ("rescheduled", "Being moved"),
    ("cancelled", "Cancelled"),
    ("no_show", "No-show"),
    ("in_progress", "In progress"),
    ("completed", "Completed"),
]


class Migration(migrations.Migration):
    dependencies = [("appointments", "0035_what_a_reply_is_about")]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="source_starts_at",
            field=models.DateTimeField(
                editable=False,
                help_text="The start that the booking system told last, whatever staff made of it.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="source_status",
            field=models.CharField(
                blank=True,
                choices=STATES,
                default="",
                editable=False,
                help_text="What the booking system told last: booked, cancelled or a no-show. Empty when that was not kept.",
                max_length=11,
            ),
            preserve_default=False,
        ),
    ]
