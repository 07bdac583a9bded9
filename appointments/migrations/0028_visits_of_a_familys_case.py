from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0027_reminders_without_a_channel")]

    operations = [
        migrations.AddField(
            model_name="escalation",
            name="visits",
            field=models.ManyToManyField(
                blank=True,
                help_text="The visits on one phone that it may be about; empty when it is about one visit or none.",
                related_name="shared_cases",
                to="appointments.appointment",
            ),
        ),
    ]
