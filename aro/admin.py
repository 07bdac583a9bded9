"""Where Django looks for screens: the machine room's are in `aro/desk/`."""

from aro.desk import lists

__all__ = ["lists"]
