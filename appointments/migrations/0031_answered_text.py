"""Which text of ours a reply answers, where the carrier says it: with several visits on a phone, it is about that one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0030_second_payments")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="answers",
            field=models.ForeignKey(
                blank=True,
                help_text="Of a reply: the text of ours that it is an answer to, as the carrier says.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="answered_by",
                to="appointments.message",
            ),
        ),
    ]
