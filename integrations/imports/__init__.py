"""Reads bookings from a file: CSV with documented columns, or an iCalendar export."""
