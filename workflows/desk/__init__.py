"""The front desk's screens: what staff look at and act on. Every action is a command (`workflows/commands/bus.py`)."""
