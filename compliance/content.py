"""What no text to a patient may contain: health information, identity numbers, medical advice, shortened links.

A text crosses networks unencrypted and lies open on a lock screen. The lists are wide on purpose: a wording that trips
them can be said another way. Used by the linter on every template and again on every text before it is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

# Word beginnings, English and Spanish, without accents (the text is folded first).
CLINICAL: Final = (
    "diagnos", "prognos", "symptom", "sintoma", "disease", "enfermedad", "disorder", "trastorno", "infection",
    "infeccion", "cancer", "tumor", "oncolog", "chemo", "quimio", "radiotherap", "radioterap", "biops", "hiv",
    "vih", "std", "sti", "hepatitis", "pregnan", "embaraz", "abortion", "aborto", "fertil", "miscarr", "diabet",
    "asthma", "asma", "depress", "depresi", "anxiety", "ansiedad", "bipolar", "schizo", "esquizo", "psychiat",
    "psiquiat", "psycholog", "psicolog", "addict", "adicci", "rehab", "cardiolog", "dermatolog", "gynecolog",
    "ginecolog", "urolog", "neurolog", "nephrolog", "root canal", "endodonc", "extraction", "extraccion", "surger",
    "cirugia", "x-ray", "radiograf", "mri", "ultrasound", "ecograf", "blood test", "analisis de sangre",
    "lab result", "test result", "resultado de", "vaccin", "vacuna",
)  # fmt: skip
MEDICATION: Final = (
    "prescri", "prescripcion", "receta medica", "medication", "medicament", "medicina", "medicine", "antibiotic",
    "dosage", "dosis", "dose", "tablet", "pastilla", "pill", "insulin", "opioid", "vicodin", "xanax", "viagra",
    "ibuprofen", "ibuprofeno", "aspirin", "acetaminophen", "paracetamol", "botox",
)  # fmt: skip
ADVICE: Final = (
    "treatment", "tratamiento", "cure", "curar", "heal your", "therapy", "terapia", "you should take",
    "you should stop taking", "debe tomar", "deje de tomar", "medical advice", "consejo medico",
)  # fmt: skip
SHORTENERS: Final = (
    "bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "buff.ly", "rebrand.ly", "cutt.ly", "rb.gy",
    "tiny.cc", "lnkd.in", "shorturl.at", "t.ly", "bl.ink", "soo.gd", "s.id", "v.gd", "clck.ru", "short.io",
)  # fmt: skip
# Whole words only, because harmless ones begin with them too (pillow, stick, dosed).
_WHOLE: Final = frozenset({"hiv", "vih", "std", "sti", "mri", "cure", "dose", "pill", "asma", "tablet"})

_FOLD: Final = str.maketrans("áéíóúüàèìòù", "aeiouuaeiou")
_URL: Final = re.compile(r"https?://\S+|\bwww\.\S+", re.IGNORECASE)


def _words(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(_word(word) for word in words))


def _word(word: str) -> str:
    ending = r"s?\b" if word in _WHOLE else ""
    return rf"\b{re.escape(word)}{ending}"


_RULES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("a health word", _words(CLINICAL)),
    ("a medication word", _words(MEDICATION)),
    ("a word of medical advice", _words(ADVICE)),
    ("a dose", re.compile(r"\b\d+(?:[.,]\d+)?\s?(?:mg|mcg|ml|cc)\b")),
    ("a number like a social security number", re.compile(r"(?<!\d)\d{3}[- ]\d{2}[- ]\d{4}(?!\d)")),
    (
        "a record number",
        re.compile(
            r"\b(?:mrn|(?:medical )?(?:record|chart|patient|case|policy|member)(?: ?(?:number|no\.?|id|#))"
            r"|(?:historia clinica|expediente|poliza)(?: ?(?:numero|no\.?|#))?)\s*:?\s*#?\s*[a-z]{0,3}-?\d{3,}"
        ),
    ),
    ("a date of birth", re.compile(r"\b(?:dob|date of birth|born on|birth ?date|fecha de nacimiento|nacid[oa] el)\b")),
)
_SHORTENER: Final = re.compile(
    rf"(?<![\w.-])(?:https?://)?(?:www\.)?(?:{'|'.join(map(re.escape, SHORTENERS))})(?:/|\b)(?![\w-]*\.)", re.IGNORECASE
)


def problems(text: str, *, ignoring: Iterable[str] = ()) -> list[str]:
    """What is wrong with a text, in plain words; empty when nothing is. The words found are not repeated.

    `ignoring`: the business's own name, which may well say "Oncology" and is on its door.
    """
    shortened = ["a shortened link"] if _SHORTENER.search(text) else []
    plain = _plain(text, ignoring)
    return [what for what, pattern in _RULES if pattern.search(plain)] + shortened


def _plain(text: str, ignoring: Iterable[str]) -> str:
    """Lower case without accents, links and the parts to ignore."""
    for part in filter(None, ignoring):
        text = text.replace(part, " ")
    return _URL.sub(" ", text).lower().translate(_FOLD)
