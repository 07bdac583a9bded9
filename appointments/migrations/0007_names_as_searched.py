"""Names are kept a second time as they are searched: no accents, lower case, in any script."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from appointments import names

_AT_ONCE = 1000


def fill(apps: Any, schema_editor: Any) -> None:
    customers = apps.get_model("appointments", "Customer")
    batch = []
    for row in customers.objects.exclude(name="").only("id", "name").iterator(_AT_ONCE):
        row.name_folded = names.searchable(row.name)
        batch.append(row)
        if len(batch) == _AT_ONCE:
            customers.objects.bulk_update(batch, ["name_folded"])
            batch.clear()
    customers.objects.bulk_update(batch, ["name_folded"])


class Migration(migrations.Migration):
    dependencies = [("appointments", "0006_names_given_up")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="name_folded",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="The name as it is searched: no accents, lower case.",
                max_length=600,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
