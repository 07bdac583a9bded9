"""The lists and pages that every app's admin builds on.

Facts are shown, not edited: a change goes through a command, which validates, records and can be undone.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.text import capfirst

from aro.desk import theme
from aro.desk.dialled import as_kept
from aro.desk.meanwhile import Carrying
from aro.folding import to_search

# Each word is looked for in each field: hundreds make a statement that no database takes.
MOST_WORDS = 12


class DeskAdmin(theme.ModelAdmin):
    """What every list has in common."""

    list_per_page = 50
    # Counting all rows costs a scan of the table on PostgreSQL and says little.
    show_full_result_count = False
    # An explanation for an empty list: what would be here, and when.
    empty_list: str | Promise = "Nothing here yet."
    list_before_template = "desk/about.html"
    # Said above the list.
    about: str | Promise = ""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        said = {"title": self._heading(request), "about": self.about, "empty_list": self.empty_words(request)}
        return super().changelist_view(request, said | (extra_context or {}))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **more: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Nobody replaces what somebody else saved while the page was open."""
        made = super().get_form(request, obj, change, **more)
        return type(made.__name__, (Carrying, made), {"keeps_others": True}) if change else made

    def empty_words(self, request: HttpRequest) -> str | Promise:
        """The explanation for this reader: what they may not do themselves, others can."""
        return self.empty_list

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """A list's template sees the list alone, and not the page around it."""
        shown: Any = super().get_changelist_instance(request)
        shown.empty_words = self.empty_words(request)
        return shown

    def _heading(self, request: HttpRequest) -> str:
        """The menu's own word: one thing has one noun."""
        items = (item for part in settings.UNFOLD["SIDEBAR"]["navigation"] for item in part["items"])
        known = (str(item["title"]) for item in items if str(item["link"]) == request.path)
        return next(known, capfirst(str(self.opts.verbose_name_plural)))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Found with and without accents and apostrophes: names are kept folded for it. A phone number is found as
        phones show it, and all else as it was typed.
        """
        typed = search_term.split()
        if len(typed) > MOST_WORDS:
            messages.warning(request, f"Only the first {MOST_WORDS} words were searched for. Search for fewer.")
        few = " ".join(typed[:MOST_WORDS])
        found, duplicates = super().get_search_results(request, queryset, few)
        for other in self._other_ways(few):
            more, also = super().get_search_results(request, queryset, other)
            found, duplicates = found | more, duplicates or also
        return found, duplicates

    def _other_ways(self, typed: str) -> list[str]:
        """An id may look like a phone number, and an address has apostrophes, too: every way is looked for."""
        folded = any(name.endswith("_folded") for name in self.search_fields)
        plain = to_search(typed) if folded else typed
        ways = dict.fromkeys((plain, as_kept(plain)))
        return [way for way in ways if way.strip() and way != typed]


class FactAdmin(DeskAdmin):
    """A list of facts and a page for each, without any way to change them here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FactInline(theme.TabularInline):
    """Rows that belong to a fact, shown on its page."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PageAdmin(FactAdmin):
    """A fact with a page of its own making: `page_template` filled by `page()`."""

    page_template = ""

    def page(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """What the page shows, besides `row`."""
        raise NotImplementedError

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404(f"There is no such {self.opts.verbose_name}. It may have been removed.")
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        return TemplateResponse(request, self.page_template, self._page_context(request, obj) | (extra_context or {}))

    def _page_context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        frame = {"opts": self.opts, "row": obj, "title": str(obj), "inline_admin_formsets": []}
        return {**self.admin_site.each_context(request), **frame, **self.page(request, obj)}
