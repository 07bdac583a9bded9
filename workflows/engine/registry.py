"""The definitions that exist, by name and version. New runs take the newest enabled version."""

from __future__ import annotations

from aro.queue.due import HopelessError
from compliance import event_types
from workflows.engine.definition import Definition

_definitions: dict[tuple[str, int], Definition] = {}


def register(definition: Definition) -> None:
    """Makes a definition known; replacing a version is refused, because runs are pinned to it.

    So is one that names an event type which does not exist: it would never start, end or go on.
    """
    unknown = definition.events - event_types.ALL
    if unknown:
        raise ValueError(
            f"{definition.name} v{definition.version} names events that do not exist: {', '.join(sorted(unknown))}. "
            "See compliance/event_types.py."
        )
    key = (definition.name, definition.version)
    if _definitions.get(key, definition) is not definition:
        raise ValueError(f"{definition.name} v{definition.version} exists; a changed definition is a new version")
    _definitions[key] = definition


def forget(definition: Definition) -> None:
    """Removes a definition; for tests and benchmarks that bring their own."""
    _definitions.pop((definition.name, definition.version), None)


def get(name: str, version: int) -> Definition:
    """The pinned definition. A version that is gone is hopeless: no retry brings it back."""
    try:
        return _definitions[(name, version)]
    except KeyError:
        raise HopelessError(
            "definition_missing", f"{name} v{version} is not part of this release. Install the release that has it."
        ) from None


def newest() -> list[Definition]:
    """The newest enabled version of each, highest priority (lowest number) first."""
    latest: dict[str, Definition] = {}
    for definition in _definitions.values():
        if definition.version >= latest.get(definition.name, definition).version:
            latest[definition.name] = definition
    return sorted((d for d in latest.values() if d.enabled), key=lambda d: (d.priority, d.name))


def everything() -> list[Definition]:
    """All versions of all definitions."""
    return list(_definitions.values())
