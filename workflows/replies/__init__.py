"""What a patient's text message means. No database; no network unless a model is passed in.

The words behind the rules are data in `config/replies`.
"""
