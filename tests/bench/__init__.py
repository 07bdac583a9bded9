"""Measurements: `make bench`. A record, not a test: it fails on nothing."""
