"""Everything that can be done to a running installation, by name. The seed picks the order and the moment."""

from integrations.proving.faults import carrier, crashes, disk, news, stores, timing
from integrations.proving.faults.base import Fault

ALL: tuple[Fault, ...] = (*crashes.ALL, *stores.ALL, *timing.ALL, *news.ALL, *carrier.ALL, *disk.ALL)
FAMILIES = tuple(dict.fromkeys(fault.family for fault in ALL))


def chosen(words: str) -> list[Fault]:
    """The faults of `all`, `none`, or a list of families and names with commas. Raises `ValueError` for others."""
    wanted = {word.strip() for word in words.split(",") if word.strip()}
    unknown = wanted - {"all", "none"} - set(FAMILIES) - {fault.name for fault in ALL}
    if unknown:
        raise ValueError(", ".join(sorted(unknown)))
    return [fault for fault in ALL if wanted & {"all", fault.family, fault.name}]
