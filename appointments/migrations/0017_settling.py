from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0016_times_of_imports")]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="restarts",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="How often its reminders began anew at the same time, after it had been over by mistake.",
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="settles_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Until then staff can take their last change back, and no text about it goes out.",
                null=True,
            ),
        ),
    ]
