"""`aro replies:classify`: what each reply on standard input means, one JSON line per reply."""

from __future__ import annotations

import io
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflows.replies.labels import Classification, OpenQuestion
from workflows.replies.model import ReplyModel, classify_with_model
from workflows.replies.stream import BadLineError, Classifier, classify_stream
from workflows.replies.times.fit import VisitFacts

USAGE_ERROR = 2


class Command(BaseCommand):
    help = (
        "Classify replies: JSON lines {id,text,context,prompt,visit} on stdin, {id,label,confidence,source} on stdout."
    )
    requires_system_checks = ()
    runs_with_any_keys = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--llm",
            action="store_true",
            help="Ask the configured model (LLM_BASE_URL) about what the rules leave open.",
        )
        parser.add_argument("--json", action="store_true", help="changes nothing: the answers are JSON in any case")

    def handle(self, *args: Any, **options: Any) -> None:
        classifier = model_classifier() if options["llm"] else None
        lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="replace")
        try:
            for answer in classify_stream(lines, classifier=classifier):
                self.stdout.write(answer)
        except BadLineError as error:
            raise CommandError(str(error), returncode=USAGE_ERROR) from error
        finally:
            lines.detach()


def model_classifier() -> Classifier | None:
    """None when no model is configured: then `--llm` changes nothing."""
    if not settings.LLM_BASE_URL:
        return None
    model = ReplyModel(base_url=settings.LLM_BASE_URL, model=settings.LLM_MODEL, api_key=settings.LLM_API_KEY)

    def decide(text: str, question: OpenQuestion, context: str, visit: VisitFacts | None) -> Classification:
        return classify_with_model(text=text, question=question, context=context, visit=visit, model=model)

    return decide
