"""Every setting is documented, and nothing else is."""

from __future__ import annotations

from config.env import KNOWN_ARO_NAMES
from docs.generate import sources

# Set by `aro up` for its children, and for load tests: nobody else should.
INTERNAL = {"ARO_SUPERVISED", "ARO_RATE_LIMITS"}
# Read by the test suite itself.
OF_THE_TESTS = {"ARO_TEST_DATABASE"}


def _documented() -> set[str]:
    return {row.name for _, rows in sources.example_settings() for row in rows}


def test_every_variable_that_the_code_reads_is_documented() -> None:
    assert sources.environment_names() - INTERNAL - _documented() == set()


def test_every_documented_variable_is_read() -> None:
    assert _documented() - OF_THE_TESTS - sources.environment_names() == set()


def test_no_documented_name_is_refused_at_the_start() -> None:
    ours = {name for name in _documented() if name.startswith("ARO_")}
    assert ours - KNOWN_ARO_NAMES == set()


def test_every_known_name_is_documented() -> None:
    plain = {name.removesuffix("_FILE") for name in KNOWN_ARO_NAMES}
    assert plain - INTERNAL - _documented() == set()
