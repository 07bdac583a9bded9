from django.db import migrations, models

import aro.ids


class Migration(migrations.Migration):
    dependencies = [("appointments", "0022_named_visits")]

    operations = [
        migrations.CreateModel(
            name="ClosedDay",
            fields=[
                (
                    "id",
                    models.UUIDField(default=aro.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("tenant_id", models.CharField(default="default", editable=False, max_length=64)),
                ("day", models.DateField(help_text="The whole day, by the clinic's clock.")),
                ("name", models.CharField(help_text="Why, e.g. Thanksgiving or Staff day.", max_length=120)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("tenant_id", "day"), name="closed_day_once")],
            },
        ),
        migrations.AddField(
            model_name="business",
            name="holiday_region",
            field=models.CharField(
                blank=True,
                help_text="Where public holidays are looked up: a country, or with its state or province, e.g. US-NY or "
                "CA-QC. Empty: by your time zone.",
                max_length=10,
            ),
        ),
    ]
