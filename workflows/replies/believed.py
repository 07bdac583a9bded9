"""What a model is not believed: a yes beside another day or hour, a question that undermines it, or that is none."""

from __future__ import annotations

from typing import Final

from workflows.replies.labels import Classification, Label, OpenQuestion, Source
from workflows.replies.meanings import no_yes
from workflows.replies.reading import read
from workflows.replies.text.normalize import plain
from workflows.replies.times import zones
from workflows.replies.times.fit import VisitFacts

_NO_YES: Final = Classification(
    Label.OTHER, 0.0, Source.MODEL, "the model's yes stands beside another time or a doubt about the visit"
)


def believed(
    found: Classification,
    *,
    text: str,
    question: OpenQuestion | None,
    context: str = "",
    visit: VisitFacts | None = None,
) -> Classification:
    """`found`: a model's reading of `text`. The rest as for `classify`."""
    if found.label is not Label.CONFIRM:
        return found
    facts = visit if question is OpenQuestion.CONFIRM else None
    words = zones.told_here(plain(text), start=facts.start if facts else None)
    reading = read(words=words, context=context, visit=facts)
    if reading.names_another_time or reading.doubts:
        return _NO_YES
    asked = question is OpenQuestion.CONFIRM
    return no_yes.unless_none(found, text, words=words, context=context) if asked else found
