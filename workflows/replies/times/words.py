"""The words of days and hours, English and Spanish, as `normalize.plain` spells them (no accents, lower case)."""

from __future__ import annotations

from typing import Final

from workflows.replies.times.values import Half, Part

WEEKDAYS: Final[dict[str, int]] = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6,
    "lunes": 0, "martes": 1, "miercoles": 2, "jueves": 3, "viernes": 4, "sabado": 5, "domingo": 6,
}  # fmt: skip
SPANISH_WEEKDAYS: Final = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
# Short words that are other words too: a day only beside a number, a time or a word that leads to a day.
UNSURE_WEEKDAYS: Final = ("sat", "sun")
MONTHS: Final[dict[str, int]] = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11,
    "dec": 12,
    "enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8, "septiembre": 9,
    "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12,
    "ene": 1, "abr": 4, "ago": 8, "dic": 12,
}  # fmt: skip
# A month by itself ("in December"); "may" and "march" alone are verbs.
NAMED_MONTHS: Final = (
    "january", "february", "april", "june", "july", "august", "september", "october", "november", "december",
    "enero", "febrero", "abril", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
HOURS: Final[dict[str, int]] = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
    "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "once": 11, "doce": 12,
}  # fmt: skip
# These are other words as well ("one", "once", "una"), so alone they are no number.
UNSURE_HOURS: Final = ("one", "once", "una")
# Of the clock with 24 hours. Alone they may count anything, so minutes or "a las" stand beside them.
AFTERNOON_HOURS: Final[dict[str, int]] = {
    "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19,
    "veinte": 20,
}  # fmt: skip
MINUTES: Final[dict[str, int]] = {
    "oh five": 5, "o five": 5, "five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "twenty five": 25, "thirty": 30,
    "thirty five": 35, "forty": 40, "fourty": 40, "forty five": 45, "fourty five": 45, "fifty": 50, "fifty five": 55,
    "cinco": 5, "diez": 10, "quince": 15, "veinte": 20, "veinticinco": 25, "treinta": 30, "treinta y cinco": 35,
    "cuarenta": 40, "cuarenta y cinco": 45, "cincuenta": 50, "cincuenta y cinco": 55, "cuarto": 15, "media": 30,
}  # fmt: skip
# "Ten five" is no time, "ten thirty" is.
MINUTES_AFTER_HOUR: Final = tuple(
    word for word in MINUTES if word not in ("five", "ten", "cinco", "diez", "cuarto", "media")
)
ORDINALS: Final[dict[str, int]] = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "twenty first": 21, "twenty second": 22,
    "twenty third": 23, "twenty fourth": 24, "twenty fifth": 25, "twenty sixth": 26, "twenty seventh": 27,
    "twenty eighth": 28, "twenty ninth": 29, "thirtieth": 30, "thirty first": 31,
    "primero": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
    "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17,
    "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiuno": 21, "veintidos": 22, "veintitres": 23,
    "veinticuatro": 24, "veinticinco": 25, "veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29,
    "treinta": 30, "treinta y uno": 31,
}  # fmt: skip
# "The first", "the second" are mostly no dates, so they need a month or a weekday beside them.
UNSURE_ORDINALS: Final = ("first", "second", "third")
COUNTS: Final[dict[str, int]] = HOURS | {
    "a": 1, "an": 1, "un": 1, "a couple of": 2, "a couple": 2, "couple of": 2, "couple": 2, "fifteen": 15,
    "twenty": 20, "thirty": 30, "quince": 15, "veinte": 20, "treinta": 30,
}  # fmt: skip
RELATIVES: Final[dict[str, int]] = {
    "today": 0, "tonight": 0, "hoy": 0, "tomorrow": 1, "manana": 1, "pasado manana": 2, "day after tomorrow": 2,
    "overmorrow": 2, "yesterday": -1, "ayer": -1,
}  # fmt: skip
MOMENTS: Final[dict[str, int]] = {
    "noon": 720, "midday": 720, "mediodia": 720, "medio dia": 720, "midnight": 0, "medianoche": 0, "media noche": 0,
    "12 noon": 720, "twelve noon": 720, "12 midday": 720,
}  # fmt: skip


def _part(name: str, opens: float, closes: float, fits: tuple[float, float]) -> Part:
    return Part(name, int(opens * 60), int(closes * 60), (int(fits[0] * 60), int(fits[1] * 60)))


MORNING: Final = _part("morning", 0, 12, (0, 12))
LATE_MORNING: Final = _part("late morning", 10, 12, (9.5, 12.5))
EARLY_MORNING: Final = _part("early morning", 0, 10, (0, 10))
LUNCH: Final = _part("lunch time", 12, 14, (11.5, 14))
AFTERNOON: Final = _part("afternoon", 12, 18, (12, 19))
EARLY_AFTERNOON: Final = _part("early afternoon", 12, 15, (12, 15))
LATE_AFTERNOON: Final = _part("late afternoon", 15, 18, (14.5, 18.5))
EVENING: Final = _part("evening", 17, 24, (16.5, 24))
NIGHT: Final = _part("night", 18, 24, (17.5, 24))
TARDE: Final = _part("afternoon", 12, 18, (12, 20))
PARTS: Final[dict[str, Part]] = {
    "morning": MORNING, "mornings": MORNING, "manana": MORNING, "mananas": MORNING, "madrugada": EARLY_MORNING,
    "early morning": EARLY_MORNING, "late morning": LATE_MORNING, "afternoon": AFTERNOON, "afternoons": AFTERNOON,
    "early afternoon": EARLY_AFTERNOON, "late afternoon": LATE_AFTERNOON, "evening": EVENING, "evenings": EVENING,
    "night": NIGHT, "tarde": TARDE, "tardes": TARDE, "noche": NIGHT, "noches": NIGHT, "lunch time": LUNCH,
    "lunchtime": LUNCH, "lunch hour": LUNCH, "mid morning": LATE_MORNING, "midmorning": LATE_MORNING,
    "mid afternoon": LATE_AFTERNOON, "midafternoon": LATE_AFTERNOON, "end of the day": LATE_AFTERNOON,
    "end of day": LATE_AFTERNOON, "first thing": EARLY_MORNING, "primera hora": EARLY_MORNING,
    "ultima hora": LATE_AFTERNOON, "am": MORNING, "pm": AFTERNOON,
}  # fmt: skip
HALVES: Final[dict[str, Half]] = {
    "am": Half.AM, "pm": Half.PM, "a": Half.AM, "p": Half.PM,
    "morning": Half.AM, "manana": Half.AM, "madrugada": Half.AM, "afternoon": Half.PM, "evening": Half.PM,
    "night": Half.PM, "tarde": Half.PM, "noche": Half.PM, "noon": Half.PM, "mediodia": Half.PM, "tonight": Half.PM,
}  # fmt: skip
# Words a day or an hour can begin with, beside those of the lists.
OPENERS: Final = (
    "a", "half", "quarter", "in", "en", "at", "de", "por", "las", "la", "this", "next", "last", "every", "each",
    "coming", "following", "proximo", "proxima", "este", "esta", "siguiente", "pasado", "todos", "cada", "otra",
    "otro", "week", "weekend", "weekends", "weekdays", "month", "semana", "mes", "fin", "fines", "during", "within",
    "dentro", "after", "despues", "temprano", "first", "falta", "faltan", "faltando",
)  # fmt: skip
SPANS: Final = (
    "minutes", "minuto", "minutos", "hours", "hora", "horas", "days", "day", "dia", "dias", "weeks", "week", "semana",
    "semanas", "months", "month", "mes", "meses",
)  # fmt: skip
# What is counted, so that the number before it is no hour and no day.
UNITS: Final = (
    "minutes", "minuto", "minutos", "hours", "hora", "horas", "days", "day", "dia", "dias", "weeks", "week",
    "semana", "semanas", "months", "month", "mes", "meses", "years", "year", "yrs", "ano", "anos", "people", "persons",
    "person", "persona", "personas", "kids", "kid", "children", "ninos", "hijos", "mg", "ml", "mcg", "pills", "pill",
    "tablets", "pastillas", "times", "veces", "dollars", "bucks", "dolares", "miles", "mi", "km", "blocks", "percent",
    "degrees", "pounds", "lbs", "kg", "adults", "guests", "friends", "appointments", "visits", "citas", "seconds",
    "secs", "teeth", "tooth", "things", "questions", "more", "mas", "of", "other", "others", "different", "or so",
    "weekends", "months", "half", "stops", "exits", "lights", "cars", "texts", "messages", "reminders", "calls",
    "tickets",
    "rooms", "bags", "stars", "star", "nights", "rd", "transfer", "transfers", "stop", "ticket", "rating", "bedroom",
    "bedrooms", "bath", "bathroom", "meds", "medicines", "other people", "question", "thing", "pm shift", "cm",
    "inches",
    "feet", "foot", "ft", "lb", "gb", "hr", "seats", "seat", "room", "table", "tables", "hijas", "sons", "daughters",
)  # fmt: skip
# A number after these belongs to them: a room, an address, a code.
NUMBERED: Final = (
    "room", "suite", "ste", "apt", "unit", "floor", "gate", "number", "no", "code", "pin", "ext", "extension", "level",
    "option", "opcion", "page", "flight", "bus", "route", "highway", "hwy", "exit", "dr", "calle", "piso", "cuarto",
    "numero", "amount", "plus", "step", "age", "aged", "size", "channel", "grade", "covid", "stage", "level", "type",
    "born", "dob", "weighs", "weigh", "section", "building", "bldg", "phone", "cell", "tel", "telefono", "only",
    "just",
    "all", "both", "us", "party", "door", "windows", "iphone", "visa", "id", "row", "seat", "station", "line", "track",
)  # fmt: skip
# "My one on the 5th" is a visit and no hour.
WHOSE: Final = frozenset(("my", "his", "her", "our", "their", "your", "the", "that", "this", "other", "zname"))
STREETS: Final = (
    "st", "street", "ave", "avenue", "road", "rd", "blvd", "boulevard", "drive", "lane", "ln", "way", "court", "ct",
    "avenida", "place", "pl", "highway", "hwy", "parkway",
)  # fmt: skip
# After an ordinal these make it no day: "4th floor", "1st visit".
ORDINAL_NOUNS: Final = (
    "floor", "time", "times", "grade", "grader", "visit", "appointment", "one", "dose", "shot", "kid", "child", "try",
    "thing", "year", "birthday", "person", "reminder", "text", "message", "call", "trimester", "opinion", "baby",
    "child", "place", "avenue", "ave", "street", "st", "step", "piso", "vez", "hijo", "hija", "cita", "week", "month",
    "day", "of", "tooth", "molar", "half", "part", "reason", "available", "opening", "slot",
)  # fmt: skip
GREETINGS: Final = (
    "good morning", "good afternoon", "good evening", "good night", "buenos dias", "buenas tardes", "buenas noches",
    "buen dia", "buena tarde", "buena noche", "great day", "good day", "nice day", "great evening", "great weekend",
    "good weekend", "nice weekend", "great afternoon", "nice afternoon", "nice evening", "lovely day",
    "lovely evening",
    "lovely weekend", "lovely afternoon", "great morning", "wonderful evening", "wonderful weekend", "great night",
    "nice night", "happy monday", "happy tuesday", "happy wednesday", "happy thursday", "happy friday",
    "happy saturday", "happy sunday", "feliz tarde", "feliz noche", "feliz fin de semana", "feliz dia", "feliz lunes",
    "feliz martes", "feliz viernes", "buen fin de semana", "linda tarde", "linda noche", "bonita tarde",
    "bonita noche", "blessed day", "best day",
)  # fmt: skip
# "Gracias, hasta el viernes" is a see-you: a yes or thanks stands before it, no no is said, and one of these follows.
GOODBYE_BEFORE: Final = frozenset(
    (
        ".", ",", "?", "entonces", "gracias", "pues", "a", "las", "dios", "si", "saludos", "bendiciones", "doctor",
        "doctora", "dr",
        "dra", "senorita", "zname", "amiga", "guapa", "puntual", "temprano", "de", "por", "en",
    )
)  # fmt: skip
GOODBYE_NEVER: Final = frozenset(("no", "not", "ni", "nunca", "tampoco", "imposible"))

# Long enough to be recognised with a slip of the thumb, and how many letters may be wrong.
REPAIRABLE: Final[dict[str, int]] = {
    "monday": 1, "tuesday": 1, "wednesday": 2, "thursday": 2, "friday": 1, "saturday": 2, "sunday": 1,
    "lunes": 1, "martes": 1, "miercoles": 2, "jueves": 1, "viernes": 1, "sabado": 1, "domingo": 1,
    "january": 1, "february": 2, "august": 1, "september": 2, "october": 1, "november": 1, "december": 2,
    "febrero": 1, "agosto": 1, "septiembre": 2, "octubre": 1, "noviembre": 2, "diciembre": 2,
    "tomorrow": 2, "tonight": 1, "today": 1, "yesterday": 1, "manana": 1, "morning": 1, "afternoon": 2, "evening": 1,
    "midday": 1, "mediodia": 2, "weekend": 1, "eleven": 1, "twelve": 1, "twelfth": 1, "quarter": 1, "fifteen": 1,
    "thirty": 1, "nueve": 1, "cuatro": 1, "siete": 1, "semana": 1, "pasado": 1, "proxima": 1, "proximo": 1,
}  # fmt: skip
SPELLINGS: Final[dict[str, str]] = {
    "wensday": "wednesday", "wendsday": "wednesday", "weds": "wednesday", "wedsday": "wednesday", "tusday": "tuesday",
    "teusday": "tuesday", "tuesdsay": "tuesday", "teuday": "tuesday", "tuseday": "tuesday", "thrs": "thursday",
    "thusday": "thursday", "thuresday": "thursday", "thurday": "thursday", "thirsday": "thursday", "sundy": "sunday",
    "frday": "friday", "fryday": "friday", "freeday": "friday", "satuday": "saturday", "munday": "monday",
    "2moro": "tomorrow", "2mrw": "tomorrow", "tmrow": "tomorrow", "tmoro": "tomorrow", "tomoro": "tomorrow",
    "tomm": "tomorrow", "tmro": "tomorrow", "tmrrw": "tomorrow", "tmorrow": "tomorrow", "2nite": "tonight",
    "tomoz": "tomorrow", "tonite": "tonight", "2day": "today", "tdy": "today", "aftn": "afternoon",
    "arvo": "afternoon", "morn": "morning", "eve": "evening", "mornin": "morning", "afternoo": "afternoon",
    "myercoles": "miercoles", "miercole": "miercoles", "mierc": "miercoles", "mie": "miercoles", "juebes": "jueves",
    "juevez": "jueves", "guebes": "jueves", "biernes": "viernes", "bierne": "viernes", "vierns": "viernes",
    "savado": "sabado", "sabdo": "sabado", "lune": "lunes", "lunez": "lunes", "marte": "martes", "martez": "martes",
    "domigo": "domingo", "maniana": "manana", "mnn": "manana", "mna": "manana", "manaa": "manana", "quater": "quarter",
    "quartre": "quarter", "qtr": "quarter", "eigth": "eighth", "eigthth": "eighth", "eight": "eight",
    "nineth": "ninth",
    "twelth": "twelfth", "twelveth": "twelfth", "fith": "fifth", "fourty": "forty", "fiveteen": "fifteen",
    "disiembre": "diciembre", "nobiembre": "noviembre", "otubre": "octubre", "setiembre": "septiembre",
    "nuebe": "nueve", "onse": "once", "dose": "dose", "sinco": "cinco", "dies": "diez", "sais": "seis",
    "ceis": "seis", "quatro": "cuatro", "meida": "media", "cuarta": "cuarta", "nxt": "next", "btwn": "between",
    "aft": "after", "b4": "before", "tilll": "till", "til": "till", "untill": "until", "untl": "until",
    "wknd": "weekend",
    "wkend": "weekend", "wk": "week", "hlf": "half", "1st": "1st",
}  # fmt: skip
# Words that are no slip of the above although one letter away.
REAL_WORDS: Final = frozenset(
    (
        "vienes", "viene", "partes", "mares", "lines", "sundae", "money", "mundane", "someday", "nuevo", "nueva",
        "nuevos", "eventing", "warning", "mourning", "moaning", "learning", "earning", "turning", "burning", "toda",
        "todas",
        "todo", "todos", "toddy", "semanas", "manzana", "hermana", "maana", "cuatros", "cuarto", "cuadro", "seventh",
        "eleventh", "twelve", "dirty", "thirsty", "pasada", "pasados", "pasando", "mediodia", "jueces", "pesado",
        "viernes", "lentes", "marteses", "dentes", "nuevas", "proximos", "proximas", "novembers", "elevens",
        "daytoday",
        "sabados", "domingos", "juegos", "quarters", "tonights", "todays", "tomorrows", "artes", "mantes", "antes",
        "huevos", "nieve", "suerte", "morning", "mornings", "evenings", "weekends", "weekday", "weekdays", "sunny",
        "days", "midway", "holiday", "birthday", "payday", "workday", "everyday", "gracias", "semana",
        "sister", "latter", "evening", "seven", "fifteenth", "thirsty", "mujer", "cuanto", "cuando", "cuantos",
        "leaving",
        "ending", "feeling", "banana", "mami", "mama", "pasaron", "friend", "fried", "sundays", "eleve", "maria",
        "martin", "marta", "marcos", "fridge", "luna", "lunas", "junes", "lumen", "lentas", "jugues",
        "site", "sandy", "monkey", "mandy", "cindy", "monty", "toby", "tony", "shirt",
    )
)  # fmt: skip
