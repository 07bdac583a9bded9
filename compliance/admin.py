"""Where Django looks for screens: the evidence's are in `compliance/desk/`."""

from compliance.desk import lists

__all__ = ["lists"]
