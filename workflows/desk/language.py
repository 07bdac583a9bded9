"""The desk speaks the language of whoever reads it, as their browser says; nothing else of ARO does.

What ARO writes to patients has a language of its own (each patient's), and what it answers to programs has none.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

_ADMIN = "/admin/"


class DeskLanguageMiddleware:
    """Django's own would speak to every sender of a webhook, and change what is written on their behalf."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_ADMIN):
            return self._get_response(request)
        language = translation.get_language_from_request(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self._get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response
