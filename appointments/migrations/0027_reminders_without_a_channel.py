"""Every reminder that is there goes as before. Backwards the channels are taken out: older code cannot read them."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def to_channels(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for business in apps.get_model("appointments", "Business").objects.all():
        business.reminders = [{"channel": "", **one} for one in business.reminders]
        business.save(update_fields=["reminders"])


def to_none(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for business in apps.get_model("appointments", "Business").objects.all():
        business.reminders = [
            {name: value for name, value in one.items() if name != "channel"} for one in business.reminders
        ]
        business.save(update_fields=["reminders"])


class Migration(migrations.Migration):
    dependencies = [("appointments", "0026_channel_of_a_reminder")]

    operations = [migrations.RunPython(to_channels, to_none)]
