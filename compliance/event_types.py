"""Every event there is. A new one is added here first, so that a misspelt type cannot be recorded."""

from __future__ import annotations

from enum import StrEnum


class EventType(StrEnum):
    APPOINTMENT_CREATED = "appointment.created"
    APPOINTMENT_CONFIRMED = "appointment.confirmed"
    APPOINTMENT_RESCHEDULED = "appointment.rescheduled"
    APPOINTMENT_CANCELLED = "appointment.cancelled"
    APPOINTMENT_NO_SHOW = "appointment.no_show"
    APPOINTMENT_COMPLETED = "appointment.completed"
    APPOINTMENT_IN_PROGRESS = "appointment.in_progress"
    REMINDER_SENT = "reminder.sent"
    REMINDER_DELIVERED = "reminder.delivered"
    MESSAGE_SENT = "message.sent"
    MESSAGE_RECEIVED = "message.received"
    MESSAGE_DELIVERED = "message.delivered"
    MESSAGE_DELIVERY_FAILED = "message.delivery_failed"
    MESSAGE_FELL_BACK = "message.fell_back"
    MESSAGE_SKIPPED = "message.skipped"
    MESSAGE_HELD = "message.held"
    RESPONSE_CLASSIFIED = "response.classified"
    RESPONSE_CORRECTED = "response.corrected"
    CUSTOMER_CREATED = "customer.created"
    CUSTOMER_UPDATED = "customer.updated"
    CUSTOMER_ERASED = "customer.erased"
    CUSTOMER_RISK_SCORE_CHANGED = "customer.risk_score_changed"
    CUSTOMER_OPTED_OUT = "customer.opted_out"
    CUSTOMER_OPTED_IN = "customer.opted_in"
    DEPOSIT_REQUESTED = "deposit.requested"
    DEPOSIT_LINK_CREATED = "deposit.link_created"
    DEPOSIT_PAID = "deposit.paid"
    DEPOSIT_EXPIRED = "deposit.expired"
    DEPOSIT_FAILED = "deposit.failed"
    DEPOSIT_REFUNDED = "deposit.refunded"
    DEPOSIT_DISPUTED = "deposit.disputed"
    DEPOSIT_CLOSED = "deposit.closed"
    REVIEW_REQUESTED = "review.requested"
    REVIEW_SUBMITTED = "review.submitted"
    WORKFLOW_STARTED = "workflow.started"
    WORKFLOW_COMPLETED = "workflow.completed"
    WORKFLOW_FAILED = "workflow.failed"
    WORKFLOW_CANCELLED = "workflow.cancelled"
    ESCALATION_OPENED = "escalation.opened"
    ESCALATION_RESOLVED = "escalation.resolved"
    ESCALATION_REOPENED = "escalation.reopened"
    ERROR_OCCURRED = "error.occurred"


ALL = frozenset(str(one) for one in EventType)
