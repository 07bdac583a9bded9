"""`python -m integrations.sandbox` runs the sandbox until it is told to stop."""

from __future__ import annotations

import sys
import zoneinfo

from integrations.sandbox.app import main

if __name__ == "__main__":
    # The played providers know the newest zone rules, whatever the host's files say.
    zoneinfo.reset_tzpath(to=())
    sys.exit(main())
