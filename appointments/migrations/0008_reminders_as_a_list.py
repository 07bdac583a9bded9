from django.db import migrations, models

import appointments.reminders


class Migration(migrations.Migration):
    dependencies = [("appointments", "0007_names_as_searched")]

    operations = [
        migrations.AddField(
            model_name="business",
            name="reminders",
            field=models.JSONField(
                default=appointments.reminders.default,
                help_text="Hours before the visit, tone and hours to wait for an answer, of each.",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="tone",
            field=models.CharField(
                blank=True, default="", help_text="The wished tone; empty: the kind's usual one.", max_length=12
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                help_text="confirmation, reminder_first, review, deposit ... or `reply`.", max_length=24
            ),
        ),
    ]
