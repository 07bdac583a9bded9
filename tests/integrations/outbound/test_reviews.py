from __future__ import annotations

import pytest

from integrations.providers.google.reviews import review_link


def test_a_place_id_makes_a_link_to_the_review_form() -> None:
    place = "ChIJ_harbour-0123456789abcd"
    assert review_link(f" {place} ") == f"https://search.google.com/local/writereview?placeid={place}"


@pytest.mark.parametrize(
    "place", ["", "short", "has space in it", "x" * 201, "https://g.page/x", "ChIJ&evil=1234567", "ChIJé1234567890"]
)
def test_what_cannot_be_a_place_id_makes_no_link(place: str) -> None:
    assert review_link(place) == ""
