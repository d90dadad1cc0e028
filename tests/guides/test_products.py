"""Product and store files."""

from __future__ import annotations

from datetime import date

import pytest

from guides.frontmatter import SLIPS
from guides.products import Product, gtin_is_valid
from guides.stores import Store
from guides.validation import validate
from guides.yamltext import read_yaml

SHOP = "name: City\nemergency_number: 112\ntime_zone: Europe/Berlin\n"


def store(text: str) -> tuple[Store | None, list[str]]:
    """Read a store file and return it with its messages."""
    found, problems = validate(Store, read_yaml(SHOP + text, "s.yml"), SLIPS)
    return found, [str(one) for one in problems]


@pytest.mark.parametrize("code", ["96385074", "012345678905", "4006381333931", "04006381333931", "2004601020007"])
def test_right_barcodes(code: str) -> None:
    """GTIN-8, -12, -13 and -14 with the check digit of GS1."""
    assert gtin_is_valid(code)


@pytest.mark.parametrize(
    "code", ["4006381333932", "400638133393", "96385047", "", "4006381333931 ", "٤٠٠٦٣٨١٣٣٣٩٣١", "4.00638E12"]
)
def test_wrong_barcodes(code: str) -> None:
    """A digit wrong, two digits swapped, one missing, or not digits at all."""
    assert not gtin_is_valid(code)


def test_a_product_speaks_each_language() -> None:
    """A missing name falls back to any name, a missing sentence to none."""
    text = (
        "name: {en: AK-200 kettle, de: Wasserkocher AK-200}\nsummary: {en: A kettle.}\nmodels: AK-200\nsold: 2022-03..2026-10\n"
    )
    product, problems = validate(Product, read_yaml(text, "p.yml"))
    assert problems == []
    assert product is not None
    assert (product.name_in("de"), product.name_in("fr"), product.summary_in("de")) == (
        "Wasserkocher AK-200",
        "AK-200 kettle",
        "",
    )
    assert product.models == ("AK-200",)
    assert product.is_sold(date(2026, 10, 31))
    assert not product.is_sold(date(2026, 11, 1))


def test_an_accessory_is_an_id_or_more() -> None:
    """A shelf place and a name may stand beside the ID."""
    text = "name: A\nmodels: B\naccessories: [seal, {id: filter, name: {en: Filter}, place: aisle 4}]\nconsumables: acid\n"
    product, problems = validate(Product, read_yaml(text, "p.yml"))
    assert problems == []
    assert product is not None
    assert [item.id for item in product.items] == ["seal", "filter", "acid"]
    assert product.accessories[1].name == {"en": "Filter"}


def test_hours_follow_weekday_and_holiday() -> None:
    """A holiday closes the shop, or gives it other hours."""
    found, problems = store(
        "hours: {monday: [09:00-12:00, 13:00-20:00], sunday: closed}\n"
        "holidays:\n  - 2026-12-21\n  - {date: 2026-12-28, hours: 10:00-14:00}\n"
    )
    assert problems == []
    assert found is not None
    assert found.hours_on(date(2026, 11, 23)) == ("09:00-12:00", "13:00-20:00")
    assert found.hours_on(date(2026, 11, 22)) == found.hours_on(date(2026, 11, 24)) == found.hours_on(date(2026, 12, 21)) == ()
    assert found.hours_on(date(2026, 12, 28)) == ("10:00-14:00",)
    assert found.emergency_number == "112"


@pytest.mark.parametrize("hours", ["9-20", "20:00-09:00", "09:00", "25:00-26:00", "always"])
def test_wrong_hours(hours: str) -> None:
    """Hours are from-to within one day."""
    message = f"s.yml:4: '{hours}' are not opening hours. Write from-to, for example 09:00-20:00, or closed"
    assert store(f"hours: {{monday: '{hours}'}}\n")[1] == [message]


def test_contacts_take_three_forms() -> None:
    """A text, a text per language, or a number with its cost."""
    found, problems = store(
        "contacts:\n  mail: a@b.example\n  desk: {en: Ground floor}\n  phone: {number: '030 1', cost: {en: free}}\n"
    )
    assert problems == []
    assert found is not None
    assert [contact.spoken() for contact in found.contacts.values()] == [" a@b.example", " Ground floor", "030 1 free"]
