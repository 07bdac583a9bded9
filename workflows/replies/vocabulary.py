"""The words behind the rules, English and Spanish. Every entry is spelled as `normalize.plain` spells it."""

from __future__ import annotations

from typing import Final

WEEKDAYS: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "lunes", "martes", "miercoles",
    "jueves", "viernes", "sabado", "domingo",
)  # fmt: skip
MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre", "diciembre",
)  # fmt: skip
NUMBER_WORDS: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip

VOCABULARY: Final[dict[str, tuple[str, ...]]] = {
    "yes": (
        "yes", "yeah", "yep", "yup", "ya", "aye", "ok", "sure", "oh yes", "oh yeah", "yes yes", "y", "yes sir",
        "yes maam", "sure thing", "of course", "absolutely", "definitely", "certainly", "indeed", "exactly",
        "totally", "affirmative", "alright", "all right", "uh huh", "mhm", "si", "claro", "claro que si",
        "por supuesto", "vale", "de acuerdo", "dale", "asi es", "desde luego", "sip", "ye s", "10 4", "roger",
    ),
    "no": (
        "no", "nope", "nah", "naw", "nay", "no no", "oh no", "wait no", "no wait", "not really", "not quite",
        "actually no", "i do not think so", "i think not", "n", "no senor", "no thanks", "no thank you", "no gracias",
        "please no", "negative",
    ),
    "it": (
        "it", "that", "this", "those", "these", "they", "all", "everything", "all of that", "all of it", "all that",
        "it all", "that all", "this all", "that one", "this one", "the one", "that time", "this time", "that date",
        "that day", "the time", "the date", "that slot", "the details", "these details", "those details",
        "the information", "that information", "all the details", "all details", "your details", "that everything",
        "the appointment", "my appointment", "the reservation", "the booking", "that booking", "what you said",
        "that option",
    ),
    "be": (
        "is", "are", "is all", "are all", "will be", "would be", "should be", "will all be", "sounds", "sound",
        "looks", "look", "seems", "seem", "seems to be", "looks to be", "is just", "does sound", "would all be",
        "all sounds", "all looks", "all seems", "would sound", "is looking", "also sounds", "feels", "is also",
        "would also be", "that is", "will also be", "can be", "must be", "is going to be", "sounds like",
    ),
    "very": (
        "very", "so", "just", "pretty", "quite", "all", "really", "totally", "absolutely", "completely", "perfectly",
        "exactly", "definitely", "fully", "truly", "simply", "all very", "certainly", "even", "entirely", "indeed",
        "a", "an", "really very",
    ),
    "good": (
        "right", "correct", "good", "great", "perfect", "fine", "ok", "alright", "all right", "cool", "wonderful",
        "awesome", "excellent", "fantastic", "accurate", "lovely", "ideal", "acceptable", "agreeable", "nice",
        "amazing", "confirmed", "true", "suitable", "super", "brilliant", "terrific", "good enough", "all good",
        "what i want", "what i wanted", "what i need", "what i needed", "what i said", "exact", "splendid", "superb",
        "perfectly fine", "convenient", "satisfactory", "just right", "spot on", "on point", "good to go",
        "correctly", "perfecto", "correcto", "perfectly ok", "better", "good choice", "great choice", "great idea",
        "good idea", "good plan", "great plan", "the one", "perfect choice", "helpful", "very helpful", "delightful",
        "swell", "the plan", "as planned", "fabulous", "marvelous", "okey dokey", "gorgeous", "good one", "fine idea",
    ),
    "great": (
        "right", "correct", "good", "great", "perfect", "fine", "cool", "wonderful", "awesome", "excellent", "nice",
        "fantastic", "lovely", "confirmed", "super", "brilliant", "terrific", "all good", "amazing", "superb", "true",
        "good to go", "perfecto", "correcto", "perfectly", "marvelous", "fabulous", "great idea", "good idea",
        "great choice", "good choice", "spot on", "splendid", "ideal",
    ),
    "work": (
        "works", "work", "will work", "would work", "should work", "will do", "would do", "suits", "will suit",
        "does work", "can work", "also works", "will also work", "would also work", "works out", "will work out",
        "will have to do", "should do", "all works", "works just", "works very",
    ),
    "well": ("well", "fine", "great", "perfectly", "nicely", "good", "just fine", "too", "out", "as well", "ok",
    "best"),
    "for_me": (
        "for me", "with me", "by me", "to me", "for us", "with us", "to us", "by us", "me", "us", "for my schedule",
        "on my end", "for me too", "with me too", "for me as well", "with me as well", "for my needs", "for him",
        "for her", "for my family", "for both of us", "with my schedule",
    ),
    "too": ("too", "as well", "also", "then", "now", "indeed", "actually", "so far", "enough", "there", "here",
    "again"),
    "that": ("that", "it", "this", "that one", "this one", "them", "those", "the details", "all", "all that", "these"),
    "polite": (
        "please", "thanks", "thank you", "thank you so much", "thank you very much", "thanks so much", "thanks a lot",
        "many thanks", "much appreciated", "gracias", "muchas gracias", "por favor", "thank you kindly",
        "thanks again", "thank you again", "i appreciate it", "appreciate it", "appreciated", "god bless",
        "have a great day", "have a good day", "have a nice day", "bless you", "good job", "thanks very much",
        "thank you a lot", "i really appreciate it", "i appreciate your help", "thanks for your help",
        "thank you for your help", "thanks for the help", "thank you for the reminder", "thanks for the reminder",
        "thanks for reminding me", "thanks for letting me know", "que tenga buen dia", "saludos", "bendiciones",
        "mil gracias", "thank you sir",
    ),
    "filler": (
        "hi", "hello", "hey", "hi there", "hello there", "good morning", "good afternoon", "good evening", "hola",
        "buenos dias", "buenas tardes", "buenas", "buenas noches", "and", "oh", "ah", "um", "umm", "hmm", "well",
        "so", "now", "then", "dear", "sir", "madam", "maam", "doctor", "dr", "bye", "for now", "ah yes", "y", "lol",
        "haha", "wow", "for sure", "all good", "there", "amigo", "okey", "my friend", "buddy", "as well", "too",
        "everyone", "team", "all", "also", "yay", "gotcha", "got it", "i see", "noted", "understood", "after all",
        "at this time", "by the way",
    ),
    "go": (
        "go ahead", "please go ahead", "go for it", "go on", "proceed", "continue", "carry on", "please do", "do it",
        "do that", "do so", "let us do it", "let us do that", "let us do this", "let us go", "let us go with that",
        "let us go with it", "let us go for it", "let us go ahead", "move forward", "by all means", "why not",
        "that is what i want", "please proceed", "keep going", "adelante", "go with that", "go with it", "try that",
        "try it", "try for that", "let us try that", "let us try it", "let us book it", "make it so",
        "do the needful", "let us proceed", "let us reserve it", "let us get it", "let us go with that one",
        "go with that one", "go ahead with it", "go ahead with that", "go ahead with this", "please go for it",
        "lock it in", "count me in", "i am in", "we are in", "that is a go", "hagalo", "that is what i would like",
    ),
    "do": (
        "book", "reserve", "schedule", "make", "buy", "purchase", "get", "set", "arrange", "confirm", "rent", "order",
        "set up", "do", "complete", "finalize", "add", "take", "place", "keep", "have", "accept", "secure", "grab",
        "go ahead and book", "go ahead and reserve", "go ahead and schedule", "go ahead and make", "go ahead and buy",
        "go ahead and purchase", "go ahead and get", "go ahead and set", "go ahead and set up", "go ahead and do",
        "go ahead and add", "go ahead and rent", "go ahead and confirm", "go ahead and arrange", "proceed with",
        "go ahead with", "continue with", "fix", "visit", "hire", "see", "go with", "proceed to book",
        "proceed and book", "help me book", "help me reserve", "help me schedule", "have you book", "set me up with",
        "have you reserve", "try to book", "try booking", "book up", "book me", "get me", "make me", "reserve me",
        "buy me", "schedule me", "go forward with", "move forward with", "go through with", "pick", "choose", "put",
    ),
    "thing": (
        "it", "that", "this", "them", "those", "these", "one", "me", "us", "that one", "this one", "that for me",
        "it for me", "them for me", "me one", "me that", "me in", "it in", "me down", "it up", "that up", "me up",
        "so", "that time", "this time", "that slot", "it now", "that appointment", "this appointment", "that booking",
        "an appointment", "the appointment", "my appointment", "me an appointment", "a visit", "the visit",
        "a reservation", "the reservation", "my reservation", "that reservation", "this reservation",
        "me a reservation", "the booking", "my booking", "a booking", "the slot", "the time", "for that time",
        "at that time", "all", "that day", "that date", "for me", "everything",
    ),
    "will": ("will", "would", "do", "am going to", "plan to", "am", "we will", "shall"),
    "someone": ("i", "we", "he", "she", "they", "my son", "my daughter", "my wife", "my husband", "my mom", "my dad"),
    "when": (
        "then", "there", "tomorrow", "soon", "later", "you then", "you there", "you tomorrow", "you soon", "today",
        "tonight", "tomorrow morning", "tomorrow afternoon", "on time", "with my son", "with my daughter",
        "with my mom", "with my wife", "with my husband", "with my dad", "manana",
    ),
    "want": (
        "i want", "i would like", "i would love", "i want to", "i would like to", "i would love to", "i do want",
        "i do want to", "i need", "i need to", "i like", "we want", "we would like", "we want to", "we would like to",
        "i wish to", "i would prefer", "i will", "i would", "i do", "i am going to", "we will", "let us", "you can",
        "you may", "i want you to", "i would like you to", "can you", "could you", "would you", "can you please",
        "could you please", "will you", "please", "you could", "i think i will", "i am happy to", "i need you to",
        "you should", "like to", "would like to", "want to", "i will have to", "i would be happy to",
    ),
    "day": (*WEEKDAYS, "day", "days", "date", "week", "time", "slot", "hour", "hours"),
    "visit": (
        "appointment", "appointments", "visit", "visits", "booking", "bookings", "reservation", "reservations",
        "meeting", "meetings", "session", "sessions", "consultation", "checkup", "check up", "cleaning", "haircut",
        "hair cut", "lesson", "slot", "table", "cita", "citas", "turno", "turnos", "reserva", "reservacion",
        "consulta", "event", "events", "appointment time", "lunch", "dinner", "party", "visita", "treatment", "call",
    ),
}  # fmt: skip
