"""How much room is left where ARO keeps its data."""

from __future__ import annotations

import psutil
from django.conf import settings


def free_ratio() -> float:
    """The free part (0..1) of the disk that holds the data directory, or its nearest parent that exists."""
    home = next(path for path in (settings.ARO_HOME, *settings.ARO_HOME.parents) if path.exists())
    return 1 - psutil.disk_usage(str(home)).percent / 100
