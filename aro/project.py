"""Where ARO's own files lie: code, and in `config/` words and rules as data. An installation keeps nothing here."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
CONFIG: Final = ROOT / "config"
