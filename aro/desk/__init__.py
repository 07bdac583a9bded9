"""Building blocks of the admin's pages: the base class, times with their zone, badges."""
