"""The Google review link. The same for every completed visit; nothing here knows how anybody felt about it."""

from __future__ import annotations

import re

# Google does not fix the length of place ids; known ones have 20 and more of these characters.
_PLACE_ID = re.compile(r"[A-Za-z0-9_-]{10,200}", re.ASCII)


def review_link(place_id: str) -> str:
    """The address of the review form, or an empty string when `place_id` cannot be one."""
    wanted = place_id.strip()
    if not _PLACE_ID.fullmatch(wanted):
        return ""
    return f"https://search.google.com/local/writereview?placeid={wanted}"
