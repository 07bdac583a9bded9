"""`python -m integrations.sandbox` runs the sandbox until it is told to stop."""

from __future__ import annotations

import sys

from integrations.sandbox.app import main

if __name__ == "__main__":
    sys.exit(main())
