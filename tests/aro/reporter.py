"""Run as a process: fails once per canary on standard input and prints the error reports that Sentry would get."""

from __future__ import annotations

import json
import logging
import sys

import django
import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from aro.watch import error_reports


class Printed(Transport):
    """Prints what would be sent, one report per line."""

    def capture_envelope(self, envelope: Envelope) -> None:
        sys.stdout.write(envelope.serialize().decode().replace("\n", " ") + "\n")


def fail(canary: str) -> None:
    local = "".join(["Zebulon ", "Qua", "rtz"])
    logging.getLogger("canary").warning("before: %s", canary, extra={"body": local})
    sentry_sdk.set_user({"email": canary, "username": local})
    try:
        raise ValueError(f"cannot send to {canary}")
    except ValueError:
        logging.getLogger("canary").exception("failed for %s", canary, extra={"first_name": local})


if __name__ == "__main__":
    django.setup()
    error_reports.start(dsn="https://public@127.0.0.1/1", release="1", environment="test", transport=Printed)
    for one in json.load(sys.stdin):
        fail(one)
