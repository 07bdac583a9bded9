from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0017_settling")]

    operations = [
        migrations.AddField(
            model_name="failedattempt",
            name="retried",
            field=models.BooleanField(default=False, help_text="The same channel was to be tried again."),
        ),
    ]
