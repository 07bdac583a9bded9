"""What the menu calls a list is what the list calls itself."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client

LISTS = [item for part in settings.UNFOLD["SIDEBAR"]["navigation"] for item in part["items"]][1:]


def heading(page: str) -> str:
    found = re.search(r"<title>\s*(.*?)\s*\|", page, re.DOTALL)
    return unescape(found.group(1)) if found else ""


@pytest.mark.parametrize("item", LISTS, ids=[str(item["title"]) for item in LISTS])
def test_a_list_is_headed_as_in_the_menu(admin: Client, item: dict[str, object]) -> None:
    page = admin.get(str(item["link"])).content.decode()
    assert heading(page) == str(item["title"])
    assert "Select " not in heading(page)
