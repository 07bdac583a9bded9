"""What a patient's text message means. No database and no settings; no network unless a model is passed in."""
