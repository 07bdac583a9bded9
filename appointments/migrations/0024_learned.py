"""A reply's label can come from the learned reader, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0023_closed_days")]

    operations = [
        migrations.AlterField(
            model_name="replyclassification",
            name="source",
            field=models.CharField(help_text="carrier, keyword, rules, learned, model or none.", max_length=8),
        ),
    ]
