"""How long what is kept, where it goes by itself. What is not named here stays until somebody deletes it.

The sweeps that take it away are with the rows they are about (aro/queue/sweeps.py says how one is registered).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

# The answer to a command, for a caller that repeats it under the same key.
IDEMPOTENCY_KEYS: Final = timedelta(hours=72)
# What staff could have taken back, after the moment until which they could.
TAKEN_BACK: Final = timedelta(hours=1)
# When a provider was paused and when it came back.
BREAKER_CHANGES: Final = timedelta(days=90)
