"""The site in a browser: everybody can read each page, by day and by night, on a phone and at a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.website.conftest import pages_of

pytestmark = pytest.mark.xdist_group("website")
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
RULES = {"resultTypes": ["violations"]}
SHORTEN = """() => {
    document.querySelectorAll("details").forEach(each => { each.open = true });
    document.querySelectorAll("tbody tr:nth-child(n + 6)").forEach(each => each.remove());
    document.querySelectorAll(".highlight pre").forEach(each => { each.textContent = "code" });
    document.querySelectorAll("p > math, li > math").forEach(each => each.remove());
    const still = "<style>* { animation: none !important; transition: none !important }</style>";
    document.head.insertAdjacentHTML("beforeend", still);
}"""
"""Opens what is folded, and leaves out what is there a thousand times: axe looks at each kind of thing once."""


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One tab for all pages."""
    page = browser.new_page()
    yield page
    page.close()


def names(site: Path) -> list[str]:
    """Every page, from the root of the site."""
    return [str(path.relative_to(site)) for path in pages_of(site)]


def wear(tab: Page, theme: str) -> None:
    """Show the page in this theme."""
    tab.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)


def barriers(tab: Page) -> list[str]:
    """What axe finds on the page as it is now."""
    found = Axe().run(tab, options=RULES).response["violations"]
    return [f"{tab.url}: {each['id']}: {node['html']}" for each in found for node in each["nodes"]]


def look_at(tab: Page, address: str, size: ViewportSize, theme: str) -> list[str]:
    """What keeps somebody from reading a page: what axe finds, and a page that is wider than its screen."""
    tab.set_viewport_size(size)
    tab.goto(address)
    found = [f"{address}: wider than {size}"] * tab.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    tab.evaluate(SHORTEN)
    wear(tab, theme)
    return found + barriers(tab)


def test_axe_finds_no_barrier_and_no_page_scrolls_sideways(site: Path, address: str, tab: Page) -> None:
    """Each page on a phone by day or at a desk by night, in turn."""
    looks = ((PHONE, "light"), (DESK, "dark"))
    assert [line for at, name in enumerate(names(site)) for line in look_at(tab, address + name, *looks[at % 2])] == []


@pytest.mark.thorough
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_no_barrier_anywhere(site: Path, address: str, tab: Page, size: ViewportSize, theme: str) -> None:
    """Each page in each way."""
    assert [line for name in names(site) for line in look_at(tab, address + name, size, theme)] == []


def test_every_colour_of_code_can_be_read_in_both_themes(site: Path, address: str, tab: Page) -> None:
    """Every kind of word that is in any code of the site, once, on one page."""
    kinds = set()
    for name in names(site):
        for code in re.findall(r"<pre>(.*?)</pre>", (site / name).read_text(encoding="utf-8"), re.DOTALL):
            kinds |= set(re.findall(r'<span class="(\w+)">', code))
    assert len(kinds) > 15
    tab.goto(address + "authors/writing-tests.html")
    tab.evaluate(SHORTEN)
    samples = "".join(f'<span class="{kind}">{kind}</span> ' for kind in sorted(kinds))
    tab.locator(".highlight pre").first.evaluate("(code, samples) => { code.innerHTML = samples }", samples)
    for theme in ("light", "dark"):
        wear(tab, theme)
        assert barriers(tab) == []


def test_a_reader_searches_and_changes_the_theme_and_nothing_leaves_the_site(address: str, browser: Browser) -> None:
    """From the landing page to the section about a timeout, all of it in the browser."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    before = page.evaluate("document.documentElement.dataset.theme")
    page.get_by_role("button", name=re.compile("color mode", re.IGNORECASE)).first.click()
    page.get_by_role("button", name="Dark" if before == "light" else "Light", exact=True).first.click()
    page.goto(address + "search.html?q=landlock")
    page.locator("#search-results li a").first.wait_for()
    assert page.evaluate("document.documentElement.dataset.theme") != before
    assert "security" in " ".join(
        page.locator("#search-results li a").evaluate_all("all => all.map(each => each.href)")
    )
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    page.close()
