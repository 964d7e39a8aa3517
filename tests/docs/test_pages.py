"""Links lead somewhere, every page can be found, and nothing is told that is nobody's business."""

import re

import pytest

from tests.fakes.pages import ROOT, Page, pages

EVERY = pages()
DOCS = ROOT / "docs"
FORBIDDEN = {
    "a path of somebody's machine": r"(?<![\w.])/(?:work|root|tmp|home/\w+)/",
    "the number of an issue": r"(?<![\w&/])#\d+\b|\bissue \d+",
    "the host of a package registry": r"\b(?:pypi|pythonhosted|npmjs|download\.pytorch)\.org\b",
    "something left to be done": r"\b(?:TODO|FIXME|TBD|XXX)\b|coming soon",
}


@pytest.mark.parametrize("page", EVERY, ids=str)
def test_every_link_leads_somewhere(page: Page) -> None:
    for path, anchor in page.links():
        target = (page.path.parent / path).resolve() if path else page.path
        assert target.exists(), f"{page} links to {path}, which is not there"
        if anchor:
            assert anchor in Page(target).anchors(), (
                f"{page} links to {path}#{anchor}, which has no such heading"
            )


def test_every_page_can_be_found_from_the_first() -> None:
    seen, ahead = set(), {DOCS / "README.md"}
    while ahead:
        page = ahead.pop()
        seen.add(page)
        ahead |= {found for found in Page(page).leads_to() if found.is_relative_to(DOCS)} - seen
    assert {str(Page(path)) for path in DOCS.rglob("*.md")} - {str(Page(path)) for path in seen} == set()


def test_the_readme_leads_to_every_first_page() -> None:
    found = Page(ROOT / "README.md").leads_to()
    assert found >= {DOCS / "README.md", *DOCS.glob("[!ra]*/README.md")}


@pytest.mark.parametrize("page", EVERY, ids=str)
def test_nothing_is_told_that_is_nobodys_business(page: Page) -> None:
    for what, pattern in FORBIDDEN.items():
        found = re.search(pattern, page.text)
        assert found is None, f"{page} holds {what}: {found and found[0]!r}"


@pytest.mark.parametrize("page", EVERY, ids=str)
def test_files_that_are_named_are_there(page: Page) -> None:
    for name in re.findall(r"`((?:edge|tests|configs|deploy|bench|models)/[\w./-]+\.\w+)`", page.prose):
        assert (ROOT / name).exists(), f"{page} names {name}, which is not there"
