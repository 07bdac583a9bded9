"""Days and hours: `parse` reads them out of words, `fit` holds them against the visit, `wish` keeps what is wanted.

Everything here is a value (`values`); nothing compares digits with digits.
"""
