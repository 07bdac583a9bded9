"""The codes that others than the tables name."""

from __future__ import annotations

from typing import Final

PAST_NO_OUTCOME: Final = "past_no_outcome"
DECEASED: Final = "deceased"
GONE: Final = "no_longer_patient"
HALF_MOVED: Final = "half_moved"
NOT_TOLD: Final = "not_told"
MOVED_INTO_PAST: Final = "moved_into_past"
BOOKED_UNTOLD: Final = "booked_untold"
OUTSIDE_HOURS: Final = "outside_hours"
CLOSED_DAY: Final = "closed_day"
CANCELLED_UNTOLD: Final = "cancelled_untold"
SAID_STOP: Final = "said_stop"
NO_TEXTS: Final = "no_texts"
NO_SHOW_EARLY: Final = "no_show_early"
HELD_NUMBER: Final = "held_number"
NEW_NUMBER: Final = "new_number"
NOT_REMINDED: Final = "not_reminded"
CALLED_OFF: Final = "called_off"
PERHAPS_OFF: Final = "perhaps_off"
OTHER_TIME_THERE: Final = "other_time_there"
STILL_CANCELLED: Final = "still_cancelled"
STILL_NO_SHOW: Final = "still_no_show"
FORMER_NUMBER: Final = "former_number"
DID_NOT_COME: Final = "did_not_come"
