from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("appointments", "0009_reminders_from_hours")]

    operations = [migrations.RemoveField(model_name="business", name="reminder_hours")]
