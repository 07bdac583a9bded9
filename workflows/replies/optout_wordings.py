"""Ways to say "leave me alone" in a sentence, as patterns over the words that `normalize.plain` makes.

Each entry is one idea; an example of what it catches stands above it.
"""

from __future__ import annotations

import re
from typing import Final

from workflows.replies import wordlists

_TEXTING: Final = (
    r"(?:text\w*|txt\w*|messag\w*|sms\w*|contact\w*|spam\w*|send\w*|bother\w*|harass\w*|bug+\w*|annoy\w*|email\w*"
    r"|notif\w*|remind\w*|call\w*|writ\w*|pester\w*|reach\w*)"
)
_MESSAGES: Final = (
    r"(?:texts?|text messages|messages?|sms|reminders?|notifications?|alerts?|spam|emails?|updates|calls?|texting"
    r"|messaging|communications?)"
)
_THESE: Final = r"(?:these|this|those|all of these|all of this)"
_NUMBER: Final = r"(?:my (?:phone |cell |mobile )?number|this number)"
# "Never stop reminding me" and "the bus stop, call me" are no opt-outs.
_VERB: Final = r"(?<!not )(?<!never )(?<!nvr )(?<!bus )(?<!the )(?<!next )(?<!a )(?<!my )"
# "Take me off the schedule" is about a visit; "get me out of here" about neither.
_LIST: Final = (
    r"(?: of)? (?:$|[.?]|(?:your |the |this |all |any |that |these |those )+(?:\w+ )?(?:lists?|database|system|service"
    r"|group|distribution|marketing|subscription|thread|chat|contacts?|texts?|messages?|messaging|sms|reminders?)\b"
    r"|(?:texts|messages|this|it|these) (?:$|[.?]))"
)
_AGAIN: Final = r"(?:again|anymore|any more|any longer|ever|no more)"
_MENSAJES: Final = r"(?:mensajes?|textos?|sms|mensajitos|notificaciones|recordatorios)"

ENGLISH: Final = (
    # "stop texting me", "quit sending these"
    rf"\b{_VERB}(?:stop|quit|cease) (?:please |with |all |of |the |these |this |those |your |sending "
    rf"|me )*{_TEXTING}\b",
    # "stop these messages", "help me stop these"
    rf"\b{_VERB}stop (?:{_THESE}|the|your|all|all the|all these|my) {_MESSAGES}\b",
    rf"\b{_VERB}stop {_THESE} (?:[.?]|$)",
    # "I want to end this"
    r"\b(?:want|like|wish|need|have|going) to (?:stop|end|quit) (?:this|these|those|all this|all of this|getting"
    r"|receiving)\b",
    # "no more texts"
    rf"\bno (?:more|further) (?:of (?:these|your|this) )?(?:\w+ )?{_MESSAGES}\b",
    # "take me off your list", "lose my number"
    rf"\b(?:take|get|remove|delete|scratch|drop) (?:me|us|my name|my info\w*) (?:off|from|out of){_LIST}",
    rf"\b(?:remove|delete|lose|erase) {_NUMBER}\b|\b(?:take|get) {_NUMBER} (?:off|out of)\b",
    # "don't text me", "do not contact me again"
    r"\b(?:do|does) not (?:you )?(?:ever )?(?:text|txt|message|contact|sms|spam|bother|write)(?: to)? (?:me|us"
    r"|this number) (?:$|[.?]|(?:again|anymore|any more|any|ever|please|at|on|from|about|no more)\b)",
    rf"\b(?:do not|never) (?:ever )?(?:text|message|contact|call|write|bother)(?: to)? (?:me|us"
    rf"|this number) {_AGAIN}\b",
    r"\bnever (?:ever )?(?:text|message|contact) (?:me|us)\b",
    # "I no longer wish to receive these messages", "I don't want to hear from you"
    r"\b(?:do not|no longer) (?:want|wish|need|like|care) (?:to )?(?:receive|get|hear|have|any|any more|more|these"
    rf"|your|such|getting|receiving|be \w+)(?: \w+){{0,6}} (?:{_MESSAGES}|from you|from this|from your)\b",
    r"\b(?:do not|no longer) (?:want|wish|like) to be (?:contacted|texted|messaged|called|bothered|reminded)\b",
    r"\b(?:do not|no longer) (?:want|wish|like) to hear from (?:you|this|your)\b",
    rf"\b(?:do not|no longer) (?:want|wish for|need) (?:this|any of these) {_MESSAGES}\b",
    rf"\bnot interested in (?:these|your|receiving|getting|any)(?: \w+){{0,4}} {_MESSAGES}\b",
    # "I revoke my consent", "you do not have my permission"
    r"\b(?:revoke|withdraw|rescind|retract)\w* (?:my |all |any )*(?:consent|permission|authorization)\b",
    r"\bdo not have (?:my|any) (?:consent|permission)\b|\bdo not give (?:you )?(?:my )?(?:consent|permission)\b",
    r"\bdo not (?:consent|agree) to (?:\w+ ){0,3}(?:texts?|messages?|texted|contacted)\b",
    # "opt me out", "unsubscribe me", "how do I unsubscribe"
    r"\b(?:opt|opting|opted) (?:me |us |my number )?out\b",
    r"\b(?:unsubscribe|unsub|unsuscribe) (?:me|us|please|this|from|my|now|all)\b"
    r"|\b(?:to|please|me|want|i) (?:unsubscribe|unsub)\b",
    # "cancel my text subscription", "turn off reminders"
    r"\b(?:cancel|end|turn off|disable|discontinue|block|halt) (?:all |my |these |this |the |your |of |future |any )*"
    rf"(?:(?:text|sms|message|reminder) )?(?:subscription|{_MESSAGES})\b",
    # "leave me alone", "enough with the texts", "put me on your do not call list"
    r"(?:^|[.?] )(?:please |just |and )*leave me alone (?:please |now )*(?:[.?]|$)",
    rf"\b(?:enough|knock it off|done) with (?:the|these|your|all the|all these) {_MESSAGES}\b",
    r"\bput me on (?:your |the )*do not (?:call|contact|text)\b|\bdo not (?:call|contact|text) list\b",
)
SPANISH: Final = (
    # "no me manden mas mensajes", "no quiero mas mensajes"
    r"\bno (?:me|nos) (?:vuelvan? a )?(?:mand|envi|escrib|contact|text|moleste|molesten|llam|mensaje)\w*",
    rf"\b(?:no|ni) (?:mas|quiero|deseo|quisiera)(?: \w+){{0,3}} {_MENSAJES}\b",
    # "dejen de mandarme", "paren de escribir"
    r"\b(?:dej(?:e|a|en|ar|ad)|par(?:e|a|en|ar|ad)) de (?:mand|envi|escrib|contact|text|molest|llam|recib)\w*",
    # "quiero darme de baja"
    r"\b(?:darme|dar|denme|deme|dame|darnos|dar me) de baja\b|\b(?:quiero|deseo) (?:la )?baja\b",
    # "borren mi numero", "saquenme de la lista"
    r"\b(?:quit|borr|elimin|saqu|sac|remuev)\w* (?:me )?(?:(?:mi|este) (?:numero|telefono)|de (?:la|su|esta"
    r"|tu) lista)\b",
    # "basta de mensajes", "cancelar suscripcion"
    rf"\b(?:par(?:e|a|ar|en)|basta|alto|detenga|detengan|cancelar|suspender)(?: \w+){{0,2}} (?:{_MENSAJES}"
    rf"|suscripcion)\b",
    r"\bno autorizo\b|\bdejen?me en paz\b",
)
WORDINGS: Final = re.compile("|".join((*ENGLISH, *SPANISH)))
# Cheap look before the long pattern: every wording above holds at least one of these words.
OPENERS: Final = frozenset(wordlists.everything().stop.openers)
