from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0011_phone_as_typed")]

    operations = [
        migrations.AddField(
            model_name="escalation",
            name="wish",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="When the person would like to come: windows of days and hours, without their words.",
            ),
        ),
        migrations.AddField(
            model_name="replyclassification",
            name="wish",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="The days and hours wished for, where the reply asks for another time.",
            ),
        ),
    ]
