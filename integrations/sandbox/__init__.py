"""The outside world on loopback: Twilio, Stripe, the booking providers and a phone for every patient, in one process.

Nothing of ARO or Django is imported here: the sandbox is what ARO is tested against and must not share its mistakes.
"""
