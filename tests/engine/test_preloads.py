"""The first pictures of a page are asked for before its scripts."""

from __future__ import annotations

from guides.engine.preloads import with_preloads

HEAD = '<link rel="stylesheet" href="site.css"><script src="settings.js"></script>'


def test_a_first_picture_is_asked_for_before_the_styles() -> None:
    """With its smaller copies, so that no picture is fetched twice."""
    tag = '<img src="../media/a.jpg" alt="" fetchpriority="high" srcset="../media/a.jpg.480.webp 480w" sizes="100vw">'
    link = '<link rel="preload" as="image" href="../media/a.jpg" imagesrcset="../media/a.jpg.480.webp 480w" imagesizes="100vw"'
    assert with_preloads(HEAD + tag) == f'{link} fetchpriority="high">\n{HEAD}{tag}'


def test_other_pictures_come_with_the_page() -> None:
    """A page without a marked picture stays as it is."""
    page = f'{HEAD}<img src="a.svg" alt="fetchpriority">'
    assert with_preloads(page) == page
