"""Whether a booking's name or phone says that its person is not to be texted, and whether a person allowed it after all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0031_answered_text")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="texting",
            field=models.CharField(
                blank=True,
                choices=[("unwanted", "Not wanted, a booking says"), ("allowed", "Allowed after all")],
                help_text="Empty: no booking says anything against texts.",
                max_length=8,
            ),
        ),
    ]
