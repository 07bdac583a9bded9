"""The words by which a question of a booking form is known: English and Spanish, without accents, in lower case.

A word stands for all that begin with it, but for those of three letters or fewer. Only whole words begin anything:
"tel" is not in "hotel".
"""

from __future__ import annotations

from typing import Final

# What staff see and change under Business, where "not coach" adds a word to those of others.
OWN: Final = (
    "phone, telephone, telefon, tel, tlf, tfno, mobile, mobil, cell, cel, celular, movil, whatsapp, text, sms, "
    "best number, number to reach, reach you, contact number, best contact, callback, call back, number to call, "
    "your number, my number, numero de contacto, numero para, numero donde, mejor numero, tu numero, su numero, "
    "mi numero"
)
# Questions about somebody or something else, wherever they stand.
OF_OTHERS: Final = (
    *("emergency", "emergencia", "urgencia", "next of kin", "kin", "relative", "familiar", "pariente"),
    *("spouse", "husband", "wife", "partner", "esposo", "esposa", "conyuge", "pareja", "friend", "amigo", "amiga"),
    *("son", "daughter", "brother", "sister", "hijo", "hija", "hermano", "hermana", "neighbor", "neighbour", "vecino"),
    *("caregiver", "carer", "cuidador", "social worker", "case worker", "case manager", "teacher", "school"),
    *("escuela", "colegio", "lawyer", "attorney", "abogado", "landlord"),
    *("insurance", "insurer", "seguro", "aseguradora", "policy", "poliza", "subscriber", "guarantor", "titular"),
    *("refer", "pharmac", "farmacia", "laborator", "lab", "employer", "empleador", "empresa", "company", "fax"),
    *("alternate contact", "alternative contact", "second contact", "secondary contact", "other contact"),
    *("another contact", "backup contact", "contact person", "contacto alternativo", "segundo contacto"),
    *("otro contacto", "persona de contacto", "other person", "another person", "someone else", "somebody else"),
    *("otra persona", "cannot reach", "can t reach", "unable to reach", "no podemos", "no logramos"),
)
# So are these, unless the question says who is reached: "Where can the doctor reach you?"
OF_OTHERS_OR_CALLERS: Final = (
    *("doctor", "dr", "dra", "physician", "medico", "medica", "dentist", "therapist", "provider", "hospital"),
    *("clinic", "consultorio", "office", "oficina"),
)
REACHED: Final = (
    *("reach you", "call you", "text you", "contact you", "message you", "remind you"),
    *("llamarl", "llamart", "contactarl", "contactart", "localizarl", "localizart", "escribirl", "escribirt"),
    *("enviarl", "enviart", "recordarl", "recordart", "avisarl", "avisart"),
)
# The person's own after all, or a child's parents': taken when no better question was answered.
LAST: Final = (
    *("home", "landline", "work", "business", "casa", "fijo", "trabajo", "alternate", "alternative", "alternativo"),
    *("second", "secondary", "segundo", "other", "otro", "additional", "adicional", "parent", "guardian", "mother"),
    *("father", "mom", "mum", "dad", "madre", "padre", "mama", "papa", "tutor"),
)
