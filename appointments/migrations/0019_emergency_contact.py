"""Who is told of an emergency away from the screen, and who opened a case."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0018_attempts_tried_again")]

    operations = [
        migrations.AddField(
            model_name="business",
            name="emergency_phone",
            field=models.CharField(
                blank=True,
                help_text="A mobile that somebody always carries. It gets a text when a patient's message may be about "
                "an emergency, again every 10 minutes until somebody opens the case.",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="business",
            name="emergency_email",
            field=models.EmailField(
                blank=True, help_text="The same by e-mail: one of the two is enough.", max_length=254
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="opened_at",
            field=models.DateTimeField(blank=True, help_text="When somebody first looked at it.", null=True),
        ),
        migrations.AddField(
            model_name="escalation", name="opened_by", field=models.CharField(blank=True, max_length=150)
        ),
    ]
