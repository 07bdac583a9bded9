"""How the database would find the rows of a statement."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext


def plan_of(queries: CaptureQueriesContext) -> str:
    """The plan of the last captured statement, in the database's own words; inside a transaction."""
    with connection.cursor() as cursor:
        prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        if connection.vendor == "postgresql":  # a few rows are not worth an index to the planner
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(prefix + queries.captured_queries[-1]["sql"])
        return str(cursor.fetchall())
