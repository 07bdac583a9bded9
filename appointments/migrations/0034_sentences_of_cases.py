"""A case's title, next step and resolution may hold a code with its values: no longer bound to 200 or 300 letters.

What was written before stays as it is, and is shown as it is.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0033_refunds")]

    operations = [
        migrations.AlterField(
            model_name="escalation",
            name="title",
            field=models.TextField(help_text="What happened: a code with its values, without personal data."),
        ),
        migrations.AlterField(model_name="escalation", name="next_step", field=models.TextField()),
        migrations.AlterField(model_name="escalation", name="resolution", field=models.TextField(blank=True)),
    ]
