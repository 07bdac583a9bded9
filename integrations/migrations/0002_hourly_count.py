from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integrations", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="HourlyCount",
            fields=[
                ("name", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("hour", models.DateTimeField(help_text="The full hour that is counted, UTC.")),
                ("count", models.PositiveIntegerField(default=0)),
            ],
        ),
    ]
