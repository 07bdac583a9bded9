"""The business's facts, one module per subject."""

from appointments.models.appointment import Appointment, BookingRef, Deposit, StatusChange
from appointments.models.business import Business
from appointments.models.closed_day import ClosedDay
from appointments.models.customer import Customer
from appointments.models.escalation import Escalation
from appointments.models.message import (
    FailedAttempt,
    Message,
    MessageTemplate,
    NamedVisit,
    ReplyClassification,
    WhatsAppTemplate,
)
from appointments.models.money_back import MoneyBack
from appointments.models.risk import RiskModel
from appointments.models.sender import SenderId

__all__ = [
    "Appointment",
    "BookingRef",
    "Business",
    "ClosedDay",
    "Customer",
    "Deposit",
    "Escalation",
    "FailedAttempt",
    "Message",
    "MessageTemplate",
    "MoneyBack",
    "NamedVisit",
    "ReplyClassification",
    "RiskModel",
    "SenderId",
    "StatusChange",
    "WhatsAppTemplate",
]
