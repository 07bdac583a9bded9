from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0004_phone_question_as_words")]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="source_sequence",
            field=models.PositiveIntegerField(
                default=0, help_text="A calendar file's own count of changes (SEQUENCE); a lower one is older."
            ),
        ),
        migrations.AddField(
            model_name="bookingref",
            name="moved_to",
            field=models.CharField(
                blank=True, default="", help_text="The name that came after this one.", max_length=255
            ),
        ),
        migrations.AddField(
            model_name="bookingref",
            name="shared_id",
            field=models.CharField(
                blank=True,
                default="",
                help_text="The booking system's id, where several people share it.",
                max_length=255,
            ),
        ),
        migrations.AddIndex(
            model_name="bookingref",
            index=models.Index(
                condition=models.Q(("shared_id", ""), _negated=True),
                fields=["source", "shared_id"],
                name="booking_ref_shared",
            ),
        ),
    ]
