"""Which visits a reply says something of: HELP, a machine's text and news of somebody else are no answer about it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0034_sentences_of_cases")]

    operations = [
        migrations.AddField(
            model_name="replyclassification",
            name="about",
            field=models.JSONField(
                blank=True,
                help_text=(
                    "By visit, what it says of it; empty when it is an answer about none, null when that was not kept."
                ),
                null=True,
            ),
        ),
    ]
