"""What a scanner reads: one number in all its forms, labels, and nothing that leads away."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.barcodes import Barcodes, read_products, same_length, unshortened
from kiosk.site import SiteInfo, read_info

PAGE = '<script type="application/ld+json">{"@graph":[{"@type":"WebPage"},{"@type":"Product","gtin":%s}]}</script>'


@pytest.fixture
def barcodes(tiny_site: Path, tmp_path: Path) -> Barcodes:
    """Read the tiny site with two products."""
    site = tmp_path / "site"
    site.mkdir()
    for entry in tiny_site.iterdir():
        (site / entry.name).symlink_to(entry) if entry.name != "en" else None
    (site / "en" / "products").mkdir(parents=True)
    (site / "en" / "index.html").write_text("home")
    (site / "en" / "products" / "kettle.html").write_text(PAGE % '["0012345678905", "96385074"]')
    (site / "en" / "products" / "lamp.html").write_text(PAGE % '"4006381333931"')
    (site / "en" / "products" / "broken.html").write_text('<script type="application/ld+json">{</script>')
    return Barcodes(site, read_info(tiny_site))


@pytest.mark.parametrize(
    ("scanned", "page"),
    [
        ("0012345678905", "/en/products/kettle.html"),
        ("012345678905", "/en/products/kettle.html"),
        ("00012345678905", "/en/products/kettle.html"),
        (" 96385074 ", "/en/products/kettle.html"),
        ("4006381333931", "/en/products/lamp.html"),
        ("4006381333932", None),
        ("12345678905", None),
        ("", None),
        ("4" * 400, None),
        ("https://id.shop.example/01/04006381333931/21/x", "/en/products/lamp.html"),
        ("https://shop.example/help/en/products/lamp.html?x=1#facts", "/en/products/lamp.html#facts"),
        ("HTTPS://shop.example/de/products/lamp.html", "/en/products/lamp.html"),
        ("https://shop.example/en/../../etc/passwd", None),
        ("https://shop.example/en/nothing.html", None),
        ("file:///en/index.html", None),
        ("javascript:alert(1)//en/index.html", None),
        ("https://[broken/en/index.html", None),
    ],
)
def test_a_code_means_a_page_or_nothing(barcodes: Barcodes, scanned: str, page: str | None) -> None:
    """EAN-13, UPC-A, GTIN-14 and EAN-8 alike; a label only by its path; everything else is unknown."""
    assert barcodes.page(scanned, "en") == page


def test_a_short_code_of_a_small_package_is_written_out() -> None:
    """The five forms of UPC-E, as the GS1 tables have them."""
    assert unshortened("04252614") == same_length("042100005264")
    assert unshortened("01234531") == same_length("012300000451")
    assert unshortened("01234558") == same_length("012345000058")
    assert unshortened("01234547") is None
    assert unshortened("91234558") is None


@given(st.text("0123456789", min_size=7, max_size=13))
def test_exactly_one_check_digit_is_right(digits: str) -> None:
    """A slip of one digit never opens another product."""
    right = [check for check in "0123456789" if same_length(digits + check)]
    assert len(right) == (1 if len(digits) + 1 in (8, 12, 13, 14) else 0)


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    """Scanners send strange things; none is an error."""
    Barcodes(Path("/nowhere"), SiteInfo("x", "en", ())).page(text, "en")


def test_pages_of_others_have_no_products(tmp_path: Path) -> None:
    """A site without product pages knows no code."""
    assert read_products(tmp_path) == {}
