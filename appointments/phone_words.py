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
# The same, for who comes along, lives or works with them, and for whom else to call.
OF_OTHERS_BESIDE: Final = (
    *("driver", "drive you", "drive me", "drives you", "driving you", "ride home", "your ride", "pick you up"),
    *("picks you up", "picking you up", "pick up person", "take you home", "taking you home", "bring you", "escort"),
    *("chofer", "conductor", "chauffeur", "fahrer", "lo lleva", "la lleva", "le lleva", "lo traera", "la traera"),
    *("companion", "chaperon", "accompan", "accompagn", "acompan", "begleit", "interpret", "translator", "traductor"),
    *("dolmetsch", "roommate", "room mate", "housemate", "flatmate", "companero", "companera", "mitbewohner"),
    *("colocataire", "coworker", "co worker", "colleague", "supervisor", "boss", "jefe", "arbeitgeber", "employeur"),
    *("boyfriend", "girlfriend", "fiance", "novio", "novia", "sibling", "aunt", "uncle", "cousin", "grandson"),
    *("granddaughter", "family member", "loved one", "trusted contact", "support person", "caretaker", "aide"),
    *("babysitter", "baby sitter", "nanny", "ninera", "daycare", "day care", "ecole", "schule", "escola", "advocate"),
    *("probation", "parole", "responsible party", "person responsible", "payer", "payor", "persona responsable"),
    *("who should we call", "whom should we call", "who can we call", "whom can we call", "who may we call"),
    *("who do we call", "who to call", "whom to call", "someone we can call", "somebody we can call", "person to call"),
    *("person we can", "who should we contact", "who can we contact", "who should we notify", "person to notify"),
    *("notify in case", "person to contact", "cannot be reached", "can t be reached", "not be reached"),
    *("not reachable", "unreachable", "do not answer", "don t answer", "does not answer"),
    *("ice", "a quien llam", "a quien avis", "quien debemos", "quien podemos", "avisar a", "no contesta"),
    *("no responde", "a prevenir", "a contacter en cas", "urgence", "proche", "conjoint", "notfall"),
    *("angehorig", "ehepartner", "ehemann", "ehefrau", "vertrauensperson", "bezugsperson", "vizinho"),
    *("do not text", "don t text", "not text this", "old phone", "old number", "old cell", "former number"),
    *("previous number", "wrong number", "not in use", "numero anterior", "numero viejo", "no enviar"),
)
# Said of the number itself, beside it. Whole words, as patterns.
NO_TEXTS: Final = (
    *("(?:do not|don t|dont|never|cannot|can t|cant|can not|won t|not able to) (?:text|sms|message)", "not? text"),
    *(
        "(?:no|without) (?:texts?|texting|text messages?|sms|messages?)",
        "(?:does not|doesn t|cannot|can t) (?:get|receive)",
    ),
    *("(?:do not|don t|dont) contact", "not textable", "land ?lines?", "(?:calls?|voice) only", "only calls?", "fax"),
    *(
        "no (?:mandar|enviar|escribir|recibe)",
        "(?:no|sin) (?:mensajes?|textos?|whatsapp)",
        "(?:solo|solamente) llamadas?",
    ),
    *("(?:telefono|linea|numero) fij[ao]", "fijo", "festnetz(?:nummer)?", "(?:keine|kein) (?:sms|nachrichten)"),
    *(
        "pas de (?:sms|texto|message)s?",
        "(?:ligne|telephone) fixe",
        "fixe",
        "nao (?:enviar|mandar)",
        "sem (?:sms|mensagens)",
    ),
    *("telefone fixo", "fixo"),
)
# Somebody else's line, or none for the patient's texts. A family's is theirs as well ("husband Leo"). As above.
NOT_THEIRS: Final = (
    *("ex", "exes", "ex (?:wife|husband|partner|boyfriend|girlfriend|spouse)", "neighbou?rs?", "co ?workers?"),
    *("colleagues?", "boss", "employers?", "supervisor", "landlord", "landlady", "room ?mates?", "house ?mates?"),
    *("flat ?mates?", "babysitter", "sitter", "nanny", "lawyer", "attorney", "social worker", "case ?worker"),
    *("case manager", "teacher", "driver", "interpreter", "translator", "secretary", "assistant"),
    *("emergency(?: contact)?", "next of kin", "in case of emergency", "pharmacy", "insurance", "front desk"),
    *("reception", "switchboard", "main (?:line|office)", "shelter", "pagers?", "beepers?", "answering machine"),
    *("pay ?phone", "old (?:number|phone|cell|mobile)", "former number", "previous number", "wrong number"),
    *("no longer (?:mine|his|hers|theirs|works?|working|in use|valid)", "not (?:mine|his number|her number|in use)"),
    *("not my (?:number|phone|cell)", "disconnected", "out of service"),
    r"(?:do not|don t|dont|never|please no) (?:use|call|ring|phone|dial)(?!.*\b(?:texts?|sms|whatsapp)\b)",
    "(?:do not|don t|dont|never) call (?:or|nor|and) (?:text|sms|message)",
    *(
        "ex (?:esposo|esposa|marido|mujer|novio|novia|pareja)",
        "vecin[oa]s?",
        "companer[oa]s?(?: de trabajo)?",
        "jef[ea]",
    ),
    *("emergencias?", "contacto de emergencia", "farmacia", "seguro", "abogad[oa]", "niner[oa]", "chofer"),
    *("conductor", "recepcion", "trabajador[a]? social", "caser[oa]", "buscapersonas", "localizador"),
    *(
        "(?:numero|telefono|celular) (?:anterior|viejo|equivocado)",
        "fuera de servicio",
        "ya no (?:sirve|es mio|funciona)",
    ),
    r"no (?:llamar|llame|llames|usar)(?!.*\b(?:textos?|mensajes?|sms|whatsapp)\b)",
)
# So are these, unless the question says who is reached: "Where can the doctor reach you?"
OF_OTHERS_OR_CALLERS: Final = (
    *("doctor", "dr", "dra", "physician", "medico", "medica", "dentist", "therapist", "provider", "hospital"),
    *("clinic", "consultorio", "office", "oficina", "nurse", "enfermer", "nursing home", "hospice", "facility", "arzt"),
    *("hausarzt", "medecin"),
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
