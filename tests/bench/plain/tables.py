"""Makes the tables: `python -m tests.bench.plain.tables`."""

from __future__ import annotations

import django
from django.db import connection

django.setup()

from tests.bench.plain.models import Appointment, Customer, Text  # noqa: E402

if __name__ == "__main__":
    with connection.schema_editor() as editor:
        for model in (Customer, Appointment, Text):
            editor.create_model(model)
