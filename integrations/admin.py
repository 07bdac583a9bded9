"""Where Django looks for screens: the border's are in `integrations/desk/`."""

from integrations.desk import lists

__all__ = ["lists"]
