"""Writes docs/reference."""

from __future__ import annotations

import importlib
import os
import sys

import django

from aro.project import ROOT

# The sandbox's settings need no key and no address of one's own; no installation is read.
_SETTINGS = {"ARO_MODE": "sandbox", "DJANGO_SETTINGS_MODULE": "config.settings.sandbox"}


def main() -> int:
    """Writes every page and names it."""
    os.environ.update(_SETTINGS)  # noqa: TID251 - a launcher
    django.setup()
    # It imports models, which are there only now.
    pages: dict[str, str] = importlib.import_module("docs.generate.pages").everything()
    folder = ROOT / "docs" / "reference"
    folder.mkdir(exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"docs/reference/{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
