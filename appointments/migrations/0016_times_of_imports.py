"""Visits from files had the moment of the import as the time of their news. Now it is the file's own time stamp, which is
earlier: without this, every later file would be older than what is known."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("appointments", "Appointment").objects.filter(source="import").update(source_version_at=None)


class Migration(migrations.Migration):
    dependencies = [("appointments", "0015_what_came_and_in_which_language")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
