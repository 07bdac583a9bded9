from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0010_no_reminder_hours")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="phone_typed",
            field=models.TextField(
                blank=True,
                editable=False,
                help_text="Sealed: what a booking gave as the phone and nobody could read.",
            ),
        ),
    ]
