"""What one would write instead of ARO: a booking becomes a visit, a Celery task sends the text, its reports are kept.

At most once, by hope: no outbox, no ledger, no rules about texting, and reminders that are lost with the broker.
"""
