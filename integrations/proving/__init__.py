"""The crash battery: processes of a running sandbox installation are killed at random while bookings are worked on.

It looks only from outside: kills by pid, books and answers through the sandbox, and counts in the carrier's ledger.
"""
