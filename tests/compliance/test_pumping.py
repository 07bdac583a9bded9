"""Nobody earns from texts that ARO is made to send."""

from __future__ import annotations

import pytest

from compliance import policy, pumping
from compliance.reasons import Reason

RULES = policy.load(policy.SHIPPED, policy.SHIPPED.with_name("none.toml")).pumping
NEW_YORK, LONDON = "America/New_York", "Europe/London"


def why(phone: str, *, named: str = "", zone: str = NEW_YORK) -> Reason | None:
    return pumping.problem(phone, pumping.countries(named, zone, RULES), RULES)


@pytest.mark.parametrize(
    "phone", ["+12125550142", "+16045550142", "+17875550142", "+15005550006", "+18005550142", "+18335550142"]
)
def test_a_clinic_texts_its_own_country_and_what_belongs_to_it(phone: str) -> None:
    assert why(phone) is None


@pytest.mark.parametrize("phone", ["+442079460958", "+525512345678", "+18765550142", "+18095550142", "+2348031234567"])
def test_other_countries_are_texted_only_when_they_are_named(phone: str) -> None:
    assert why(phone) is Reason.OTHER_COUNTRY
    assert why(phone, named="US, GB, mx JM;DO,NG") is None


def test_a_clinic_abroad_has_a_country_of_its_own() -> None:
    assert why("+447911123456", zone=LONDON) is None
    assert why("+12125550142", zone=LONDON) is Reason.OTHER_COUNTRY
    assert why("+12125550142", zone="US/Pacific") is None


@pytest.mark.parametrize(
    "phone",
    [
        "+19005550142",
        "+449098790000",
        "+448431234567",
        "+881612345678",
        "+870773111632",
        "+88299912345",
    ],
)
def test_premium_shared_cost_and_satellite_numbers_are_never_texted(phone: str) -> None:
    allowed = "US, GB, DE"
    assert why(phone, named=allowed) in (Reason.NEVER_TEXTED, Reason.OTHER_COUNTRY)


@pytest.mark.parametrize("address", ["ana@example.com", "MyBank", "", "24273"])
def test_what_is_no_number_is_not_judged_here(address: str) -> None:
    assert why(address) is None
