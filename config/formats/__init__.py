"""Date formats of the admin: the 24-hour clock, always with the zone's short name."""
