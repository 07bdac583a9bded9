"""What the booking system said last of who comes, so that its corrections are seen and repeats are not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0028_visits_of_a_familys_case")]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="person_told",
            field=models.JSONField(
                default=dict,
                editable=False,
                help_text="Fingerprints of the number, address and name that the booking system gave last.",
            ),
        ),
    ]
