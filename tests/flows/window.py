"""A look into a running installation: one visit's id in per line, all that ARO knows about it out, as JSON.

A process of its own, because the tests' Django is bound to the tests' database. It reads; staff's settings it sets.
"""

from __future__ import annotations

import json
import sys

import django

from aro.errors import AroError
from aro.ops import settings_module


def main() -> None:
    """Until standard input ends."""
    settings_module.choose()
    django.setup()
    from tests.flows import questions  # noqa: PLC0415  models can be imported only now

    for line in sys.stdin:
        ask, argument = json.loads(line)
        try:
            answer = {"answer": questions.ANSWERS[ask](argument)}
        except AroError as error:
            answer = {"error": error.message}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
