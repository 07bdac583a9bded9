"""Names are searched without apostrophes, of which each keyboard has another: those kept before follow."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from appointments import names

_AT_ONCE = 1000


def fill(apps: Any, schema_editor: Any) -> None:
    customers = apps.get_model("appointments", "Customer")
    batch = []
    for row in customers.objects.exclude(name="").only("id", "name", "name_folded").iterator(_AT_ONCE):
        if row.name_folded != names.searchable(row.name):
            row.name_folded = names.searchable(row.name)
            batch.append(row)
        if len(batch) == _AT_ONCE:
            customers.objects.bulk_update(batch, ["name_folded"])
            batch.clear()
    customers.objects.bulk_update(batch, ["name_folded"])


class Migration(migrations.Migration):
    dependencies = [("appointments", "0036_what_the_booking_system_told")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
