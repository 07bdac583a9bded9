"""Which tests one worker plays together, because they share an installation that takes long to start.

A scheduler of our own: pytest-xdist 3.8 writes its `xdist_group` marks where pytest 9.2 no longer looks for them, so
that `--dist loadgroup` alone starts every shared installation once in each worker. The largest group begins first.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

TOGETHER = ("tests/flows/", "tests/docs/test_runbooks.py", "tests/aro/ops/test_up.py")


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Every test by itself, except those of a group."""

    def _split_scope(self, nodeid: str) -> str:
        return next((group for group in TOGETHER if nodeid.startswith(group)), nodeid)
