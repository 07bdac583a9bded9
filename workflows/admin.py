"""Where Django looks for screens: the front desk's are in `workflows/desk/`."""

from workflows.desk import lists

__all__ = ["lists"]
