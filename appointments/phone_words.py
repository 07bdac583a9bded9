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
# Numbers that are no phone of the patient, in what a calendar's event says.
RECORDS: Final = (
    *("mrn", "medical record", "record number", "record no", "chart", "expediente", "historia clinica", "fax"),
    *("patient number", "patient no", "client number", "client no", "numero de paciente", "account", "acct", "cuenta"),
    *("member", "miembro", "afiliad", "group number", "group no", "case number", "case no", "numero de caso"),
    *("invoice", "factura", "billing", "receipt", "recibo", "npi", "dea", "upin", "order number", "order no"),
    *("numero de orden", "numero de pedido", "reference number", "reference no", "numero de referencia"),
    *("confirmation number", "confirmation no", "confirmation code", "numero de confirmacion", "booking number"),
    *("booking no", "numero de reserva", "reservation", "appointment number", "appointment no", "appt no", "visit no"),
    *("visit number", "numero de cita", "ticket", "claim", "reclamo", "authorization", "autorizacion", "encounter"),
    *("id", "ids", "uid", "identification", "identificacion", "dni", "nie", "nif", "curp", "rfc", "cedula", "ssn"),
    *("social security", "seguridad social", "nss", "dob", "birth", "born", "nacimiento", "nacido", "nacida"),
    *("license", "licence", "licencia", "passport", "pasaporte", "medicare", "medicaid", "nhs", "tax id", "serial"),
)
# So are these where they stand right before the number: "Ref: ", "Case #".
RECORDS_LAST: Final = (
    *("record", "group", "grupo", "case", "caso", "order", "orden", "pedido", "ref", "reference", "referencia"),
    *(
        "confirmation",
        "confirmacion",
        "conf",
        "booking",
        "reserva",
        "auth",
        "approval",
        "tax",
        "ein",
        "tin",
        "tracking",
    ),
    *("transaction", "payment", "pago", "card", "tarjeta", "code", "codigo", "rx", "prescription", "receta", "lot"),
    *(
        "policy",
        "poliza",
        "device",
        "file",
        "folio",
        "document",
        "historia",
        "acc",
        "rec",
        "question",
        "pregunta",
        "duda",
    ),
)
# Words after the name of a number that say nothing of their own.
FILLING: Final = frozenset({"number", "numbers", "no", "num", "nr", "n", "nbr", "numero", "is", "es"})
# What only the office says of itself, whoever else is named.
US: Final = (
    *("call us", "text us", "contact us", "reach us", "phone us", "ring us", "message us", "us at", "give us a call"),
    *("give us a ring", "llamenos", "llamanos", "contactenos", "contactanos", "escribanos", "escribenos", "avisenos"),
    *("avisanos", "comuniquese con", "comunicate con", "questions phone", "questions tel", "preguntas tel"),
)
# The office's own words, unless they say who is reached by it, or whose number it is (`PATIENT`).
OFFICE: Final = (
    *("our office", "our number", "our phone", "our tel", "our clinic", "our practice", "our team", "our staff"),
    *("our line", "our front", "front desk", "front office", "reception", "scheduling", "scheduler", "switchboard"),
    *("hotline", "helpline", "main line", "main number", "answering service", "after hours", "nuestra oficina"),
    *("nuestro numero", "nuestro telefono", "nuestra clinica", "nuestro consultorio", "recepcion", "centralita"),
)
# Why somebody would call the office, and the call. Both in one line: a number for the patient to use.
OCCASIONS: Final = (
    *("reschedul", "cancel", "change your", "change the", "change this", "running late", "question", "directions"),
    *("if you need", "if you have", "if you are", "if you re", "if you can", "if you will", "if you ll", "should you"),
    *("reprogramar", "cambiar", "modificar", "si necesita", "si tiene", "si no puede", "pregunta", "duda"),
)
CALLS: Final = ("call", "text", "dial", "ring", "contact", "llam", "marque", "marca", "telefone", "escrib")
PATIENT: Final = (
    *("me", "my", "mine", "patient", "pt", "pts", "client", "his", "her", "their", "mi", "paciente", "cliente"),
)
