"""`make bench`: measures on SQLite and on PostgreSQL and records the figures in docs/benchmarks.

`--only sqlite|postgresql` measures one database. `plain` measures only ARO beside the plain application, prints it, and
keeps nothing. Nothing is judged; the page it writes sets figures beside demands.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aro.ops.trial import installation
from aro.version import VERSION
from integrations.proving.sandbox import Sandbox
from tests.bench import beside, outside, report

DOCS = Path(__file__).resolve().parent.parent.parent / "docs" / "benchmarks"
URLS = {"sqlite": "", "postgresql": "embedded-postgres://"}
MINUTES_60 = 3600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=("all", "plain"), default="all")
    parser.add_argument("--only", choices=sorted(URLS))
    parser.add_argument("--bookings", type=int, default=300)
    given = parser.parse_args()
    only, names = given.only, [name for name in URLS if given.only in (None, name)]
    if given.what == "plain":
        compared = {name: beside.compare(name, bookings=given.bookings) for name in names}
        tables = "".join(f"## {name}\n\n{report.beside(figures)}" for name, figures in compared.items())
        sys.stdout.write(json.dumps(compared) + "\n\n" + tables)
        return
    latest = DOCS / "latest.json"
    kept = json.loads(latest.read_text(encoding="utf-8")) if only and latest.is_file() else {}
    measured = {name: {**measure(name), "plain": beside.compare(name, bookings=given.bookings)} for name in names}
    result = {
        "version": VERSION,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}",
        "databases": {**kept.get("databases", {}), **measured},
    }
    DOCS.mkdir(parents=True, exist_ok=True)
    latest.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    (DOCS / "README.md").write_text(report.markdown(result), encoding="utf-8")
    sys.stdout.write(report.markdown(result))


def measure(name: str) -> dict[str, Any]:
    """All figures of one database, in a throw-away installation."""
    os.environ |= {"ARO_RATE_LIMITS": "off", "SYNC_EVERY_MINUTES": "0"}
    os.environ["DATABASE_URL"] = URLS[name]
    if not URLS[name]:
        del os.environ["DATABASE_URL"]
    with installation() as environment:
        # First what needs an idle system; the storm comes last, because the worker is busy with it for a while.
        sandbox = Sandbox(int(environment["SANDBOX_PORT"]))
        text = outside.booking_to_text(sandbox, bookings=30)
        figures: dict[str, Any] = {**_inside(environment), "booking_to_text": text}
        port = int(environment["PORT"])
        for name, per_second, seconds, clients in (("http", 100, 10, 16), ("http_storm", 1000, 3, 32)):
            figures[name] = outside.webhooks_over_http(
                port, now=sandbox.now(), per_second=per_second, seconds=seconds, clients=clients
            )
    return figures


def _inside(environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.inside"],
        env={**environment, "DJANGO_SETTINGS_MODULE": "config.settings.sandbox"},
        capture_output=True,
        text=True,
        timeout=MINUTES_60,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return dict(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
