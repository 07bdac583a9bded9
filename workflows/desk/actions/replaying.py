"""Replaying ticked rows of a list: a page that says what would happen to each, then the doing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from aro.desk.show import Tone
from aro.queue.replay import Does
from aro.web import client
from workflows.commands import bulk
from workflows.commands.bulk import Kind, Result

# A form may have a thousand fields, and a page must answer in time. The command line has no such limit.
MOST_AT_ONCE = 500
SHOWN = 20
_WORDS: dict[Does, tuple[str, Tone]] = {
    Does.AGAIN: ("Done again", "blue"),
    Does.UNCHANGED: ("Stays as it is", "grey"),
    Does.REFUSED: ("Refused", "red"),
}


def confirm_or_run(
    screen: Any, request: HttpRequest, rows: QuerySet[Any], *, kind: Kind, command_line: str
) -> HttpResponse | None:
    """The page that asks, or None when the person has said yes and it is done."""
    # The lists leave large columns out for themselves; what a row is needed for here, it is read for again.
    refs = list(rows.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    if len(refs) > MOST_AT_ONCE:
        text = f"Choose at most {MOST_AT_ONCE} at once. For more, use the command line: {command_line}"
        messages.warning(request, text)
        return None
    if "confirmed" not in request.POST:
        return _ask(screen, request, list(bulk.forecast(kind, rows)))
    user, ip = request.user.get_username(), client.address(request) or None
    _report(request, bulk.carry_out(kind, refs, actor_id=user, ip=ip))
    return None


def _ask(screen: Any, request: HttpRequest, results: list[Result]) -> HttpResponse:
    context = screen.admin_site.each_context(request) | {
        "opts": screen.opts,
        "title": f"Try again: {len(results)} chosen",
        "groups": [
            {"tone": _WORDS[does][1], "does": _WORDS[does][0], "words": words, "count": count}
            for (does, words), count in Counter((one.does, one.words) for one in results).most_common(SHOWN)
        ],
        "again": bulk.tally(results)[Does.AGAIN],
        "refs": [one.ref for one in results],
        "back": request.get_full_path(),
    }
    return TemplateResponse(request, "desk/replay.html", context)


def _report(request: HttpRequest, results: Iterable[Result]) -> None:
    """One line in all, and one for each reason of a refusal."""
    done = list(results)
    counts = bulk.tally(done)
    said = f"{counts[Does.AGAIN]} are being tried again, {counts[Does.UNCHANGED]} stay as they are."
    messages.success(request, f"{said} Look here in a minute.")
    for words, count in Counter(one.words for one in done if one.does == Does.REFUSED).most_common(SHOWN):
        messages.warning(request, f"{count} refused: {words}")
