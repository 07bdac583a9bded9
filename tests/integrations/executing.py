"""A worker in small, for tests that kill one: does what is due in one lane, in a process of its own."""

from __future__ import annotations

import os
import sys

import django


def main(lane: str) -> None:
    """Ends when nothing in the lane is due."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    django.setup()
    from aro.queue import tick  # noqa: PLC0415 - models can be imported only now

    tick.drain([lane])


if __name__ == "__main__":
    main(sys.argv[1])
