"""Where Django looks for screens: the business's are in `appointments/desk/`."""

from appointments.desk import lists

__all__ = ["lists"]
