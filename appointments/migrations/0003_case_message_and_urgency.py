import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0002_email_in_any_case")]

    operations = [
        migrations.AddField(
            model_name="escalation",
            name="message",
            field=models.ForeignKey(
                blank=True,
                help_text="What the person wrote, when the case is about that.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="escalations",
                to="appointments.message",
            ),
        ),
        migrations.AlterField(
            model_name="escalation",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "Urgent"), (1, "High"), (2, "Medium"), (3, "Low")], default=2
            ),
        ),
    ]
