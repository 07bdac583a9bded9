"""English: `Tue 24 Nov 2026, 09:00 EST`."""

DATETIME_FORMAT = "D j M Y, H:i T"
SHORT_DATETIME_FORMAT = "j M Y, H:i T"
DATE_FORMAT = "D j M Y"
TIME_FORMAT = "H:i"
