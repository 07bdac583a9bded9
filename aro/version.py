"""The one place that states the version; packaging and `/api/v1/health` read it from here."""

VERSION = "0.1.0"
