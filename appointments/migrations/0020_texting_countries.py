from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0019_emergency_contact")]

    operations = [
        migrations.AddField(
            model_name="business",
            name="texting_countries",
            field=models.CharField(
                blank=True,
                help_text="Countries whose numbers are texted, e.g. US, CA, MX. Empty: your own and what belongs to it.",
                max_length=200,
            ),
        ),
    ]
