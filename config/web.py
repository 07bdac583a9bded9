"""Starts the web server: `python -m config.web [--listener DESCRIPTOR]`; without one it listens on HOST and PORT."""

from __future__ import annotations

import argparse
import socket

from config.wsgi import application

# isort: split
# What follows may have models: Django is set up by now.
from django.conf import settings

from aro import garbage
from aro.ops.supervise import listening
from aro.watch import metrics
from aro.web import server
from aro.web.limits import LIMITS
from config import treatment
from workflows.replies import loading


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--listener", type=int)
    number = given.parse_args().listener
    listener = listening.listen(settings.HOST, settings.PORT) if number is None else socket.socket(fileno=number)
    treatment.page(503)  # now, for later everything may be stuck
    garbage.settle()
    loading.load_in_the_background(then=garbage.settle)
    serving = server.Server(
        application,
        treat=treatment.of,
        polite=treatment.polite,
        count=metrics.count_ended_connection,
        limits=server.fitting(LIMITS),
    )
    server.run(serving, listener)


if __name__ == "__main__":
    main()
