from django.db import migrations, models

import appointments.reminders


class Migration(migrations.Migration):
    dependencies = [("appointments", "0025_own_phone_question")]

    operations = [
        migrations.AlterField(
            model_name="business",
            name="reminders",
            field=models.JSONField(
                default=appointments.reminders.default,
                help_text="Of each: hours before the visit, tone, hours to wait for an answer, and a channel "
                "of its own; empty: as every other text to that person.",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="wished_channel",
            field=models.CharField(
                blank=True,
                choices=[("sms", "SMS"), ("whatsapp", "WhatsApp"), ("email", "E-mail")],
                default="",
                help_text="Where it is to go if the person can be written to there; empty: as every other text to them.",
                max_length=8,
            ),
            preserve_default=False,
        ),
    ]
