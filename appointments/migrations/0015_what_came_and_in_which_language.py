from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0014_known_refunds_and_disputes")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="media",
            field=models.JSONField(
                blank=True, default=list, help_text="What came with it, each by its kind; never an address."
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="language",
            field=models.CharField(blank=True, help_text="Of a reply, when its words tell.", max_length=8),
        ),
        migrations.AddField(
            model_name="customer",
            name="language_set_by",
            field=models.CharField(
                blank=True,
                choices=[("replies", "Their own replies"), ("staff", "Staff")],
                help_text="Empty: it came with the booking, if at all.",
                max_length=8,
            ),
        ),
    ]
