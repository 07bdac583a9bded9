"""What people type beside their number about texts to it: "landline, no texts". The words: `phone_words.NO_TEXTS`."""

from __future__ import annotations

import re
from typing import Final

from appointments import phone_words
from aro.folding import fold

_BETWEEN: Final = re.compile(r"[\W_\d]+")
_NO_TEXTS: Final = re.compile(rf"\b(?:{'|'.join(phone_words.NO_TEXTS)})\b")


def says_not_to_text(typed: str) -> bool:
    """Whether a phone as it was typed is not to be texted."""
    return _NO_TEXTS.search(_BETWEEN.sub(" ", fold(typed[:200]))) is not None
