"""What became of a deposit's money after it was paid."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from appointments.models.appointment import Deposit
from aro import clock


class MoneyBack(models.Model):
    """A refund, whether it arrived or not, a dispute, or a payment that was one too many: one row each, so that news of
    it may come twice and in any order."""

    class State(models.TextChoices):
        REFUND = "refund", "Given back"
        REFUND_FAILED = "failed", "Refund did not arrive"
        ASKED = "asked", "Bank asks"
        OPEN = "open", "Disputed"
        WON = "won", "Dispute won"
        LOST = "lost", "Dispute lost"
        SECOND = "second", "Paid a second time"
        PART = "part", "Paid in part"
        GONE = "gone", "Second payment given back"

    deposit = models.ForeignKey(Deposit, on_delete=models.CASCADE, related_name="money_back")
    ref = models.CharField(max_length=120, blank=True, help_text="The payment provider's id; empty while unknown.")
    payment = models.CharField(
        max_length=120, blank=True, help_text="Of a refund: the payment that it gives back; empty while unknown."
    )
    state = models.CharField(max_length=6, choices=State.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=3, default=Decimal(0))
    at = models.DateTimeField(default=clock.now, help_text="The provider's time of the newest news.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deposit", "ref"], name="money_back_once")]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.amount}"
