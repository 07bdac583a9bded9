"""Names that visits had before they were moved are given up: until now that could be read from the visit alone."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, OuterRef, Subquery


def note(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    refs = apps.get_model("appointments", "BookingRef").objects
    visits = apps.get_model("appointments", "Appointment").objects.filter(pk=OuterRef("appointment_id"))
    former = refs.exclude(external_id=F("appointment__external_id")).values_list("pk", flat=True)
    refs.filter(pk__in=list(former)).update(moved_to=Subquery(visits.values("external_id")[:1]))


class Migration(migrations.Migration):
    dependencies = [("appointments", "0005_names_of_a_visit")]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
