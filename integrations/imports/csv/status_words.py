"""What booking systems write into a CSV's column `status`: English and Spanish, in lower case, without accents."""

from __future__ import annotations

from typing import Final

BOOKED: Final = frozenset(
    (
        *("", "booked", "confirmed", "scheduled", "active", "accepted", "approved", "upcoming", "reserved", "open"),
        *("new", "unconfirmed", "not confirmed", "reminded", "planned", "reservada", "reservado", "confirmada"),
        *("confirmado", "programada", "programado", "agendada", "agendado", "activa", "activo", "aceptada"),
    )
)
CANCELLED: Final = frozenset(
    (
        *("cancelled", "canceled", "cancelled by patient", "canceled by patient", "cancelled by client"),
        *("canceled by client", "cancelled by clinic", "canceled by clinic", "late cancel", "late cancellation"),
        *("late cancelled", "late canceled", "cancellation", "deleted", "removed", "void", "voided", "declined"),
        *("rejected", "cancelada", "cancelado", "anulada", "anulado", "rechazada", "rechazado", "eliminada"),
    )
)
# It took place, or should have: only a visit that has begun can be so.
OVER: Final = frozenset(
    (
        *("completed", "complete", "done", "finished", "fulfilled", "attended", "arrived", "checked in", "checked out"),
        *("in progress", "started", "seen", "closed", "paid", "no show", "noshow", "no showed", "missed", "absent"),
        *("did not attend", "dna", "completada", "completado", "terminada", "finalizada", "atendida", "atendido"),
        *("realizada", "asistio", "no asistio", "no se presento", "ausente", "en curso", "llego"),
    )
)
MOVED: Final = frozenset(
    (
        *("rescheduled", "moved", "postponed", "changed", "rebooked"),
        *("reprogramada", "reprogramado", "reagendada", "reagendado", "pospuesta", "aplazada", "cambiada"),
    )
)
# Nobody has agreed to it yet.
UNSETTLED: Final = frozenset(
    (
        *("pending", "requested", "request", "tentative", "waitlist", "waitlisted", "waiting list", "waiting"),
        *("on hold", "hold", "held", "draft", "proposed", "awaiting", "awaiting confirmation"),
        *("unpaid", "pending payment"),
        *("pendiente", "solicitada", "solicitado", "en espera", "lista de espera", "tentativa", "borrador"),
    )
)
