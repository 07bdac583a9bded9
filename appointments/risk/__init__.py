"""No-show risk, pure: no database, no clock, no Django.

features (what is known at booking) -> score (probability and reasons) -> rank (0-100 within the clinic). history tells
what was known of past bookings, fit moves the weights with a clinic's own outcomes, trial says whether that made them
better, measure what a limit on the score does, stream scores a CSV.
"""
