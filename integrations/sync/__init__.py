"""Asks booking systems for their lists, and repairs what their webhooks missed."""
