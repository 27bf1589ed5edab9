"""The site as files: whole links, no answer, every command, nothing from elsewhere."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import click
import pytest

from autograder.cells import HIDDEN_TESTS, MARK_SCHEME, SOLUTION, regions, role
from autograder.cli import main
from autograder.notebook import read
from tests.conftest import ASSIGNMENTS, REPOSITORY
from tests.website.conftest import pages_of
from website.addresses import LITE, in_browser, in_colab, to_download

pytestmark = pytest.mark.xdist_group("website")
LOADS = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("object", "data")}


class Parsed(HTMLParser):
    """The anchors of a page, its links, and what a browser loads for it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids, self.links, self.loads = {""}, list[str](), list[str]()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down what the element says."""
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            elif (tag, name) == ("a", "href") and value:
                self.links.append(value)
            elif (tag, name) in LOADS and value:
                self.loads.append(value)


@pytest.fixture(scope="module")
def parsed(site: Path) -> dict[Path, Parsed]:
    """Every page."""
    return {path: Parsed(path) for path in pages_of(site)}


def test_every_link_inside_the_site_leads_to_a_page_and_an_anchor(site: Path, parsed: dict[Path, Parsed]) -> None:
    """Also to the notebooks in JupyterLite."""
    broken = []
    for path, page in parsed.items():
        for link in page.links + page.loads:
            place, anchor = urldefrag(link)
            if urlsplit(place).scheme:
                continue
            target = (path.parent / unquote(urlsplit(place).path)).resolve() if place else path
            target = target / "index.html" if target.is_dir() else target
            anchors = parsed[target].ids if target in parsed else {""}
            if not target.is_file() or unquote(anchor) not in anchors:
                broken.append(f"{path.relative_to(site)}: {link}")
    assert broken == []


def test_no_page_loads_anything_from_another_machine(site: Path, parsed: dict[Path, Parsed]) -> None:
    """Neither pages nor their styles; test_browser.py looks at what a browser asks for."""
    assert [load for page in parsed.values() for load in page.loads if urlsplit(load).netloc] == []
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css") if LITE not in path.parts]
    assert [found for style in styles for found in re.findall(r"url\([\"']?(?:https?:)?//[^)]*", style)] == []


def text_of(path: Path) -> str:
    """What a person reads on a page."""
    return html.unescape(re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8")))


def secrets(assignment: str) -> set[str]:
    """Lines of code that are in the source notebook and not in what students receive."""
    released = {line.strip() for cell in _notebook("release", assignment) for line in cell.source.splitlines()}
    found = set()
    for cell in _notebook("source", assignment):
        for words in (SOLUTION, HIDDEN_TESTS, MARK_SCHEME):
            found |= {line.strip() for region in regions(cell.source, words) for line in region.splitlines()}
        if cell.cell_type == "markdown" and role(cell).is_answer:
            found |= {line.strip() for line in cell.source.splitlines()}
    return {line for line in found - released if len(line) > 8 and not line.startswith("###")}


def _notebook(folder: str, assignment: str) -> list:  # type: ignore[type-arg]  # nbformat has no types
    return list(read(REPOSITORY / folder / assignment / f"{assignment}.ipynb").cells)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_line_of_a_solution_or_a_hidden_test_is_on_the_site(site: Path, assignment: str) -> None:
    """Neither on the page of the notebook, nor in a file to download, nor in what the search knows."""
    in_others = set().union(*(secrets(other) for other in ASSIGNMENTS if other != assignment))
    kept = secrets(assignment) - in_others  # what several have in common says nothing of an answer
    assert len(kept) > 30
    texts = {}
    for path in site.rglob("*"):
        if path.suffix in (".html", ".js", ".txt", ".md", ".ipynb") and "_static" not in path.parts:
            texts[path] = {line.strip() for line in text_of(path).splitlines()}
            if path.suffix == ".ipynb":
                texts[path] = {line.strip() for cell in read(path).cells for line in cell.source.splitlines()}
    assert {line: path for path, lines in texts.items() for line in lines & kept} == {}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_notebooks_page_has_its_text_its_pictures_and_the_ways_to_open_it(site: Path, assignment: str) -> None:
    """With the pictures of the solved notebook, each with its description."""
    page = (site / "notebooks" / f"{assignment}.html").read_text(encoding="utf-8")
    released = _notebook("release", assignment)
    for heading in re.findall(r"^## (?:\d\. )?([\w ]+)$", "\n".join(cell.source for cell in released), re.MULTILINE):
        assert heading in page
    drawn = sum("image/svg" in str(cell.get("outputs")) for cell in _notebook("solutions", assignment))
    pictures = re.findall(r'<img alt="([^"]{40,})" src="\.\./_images/', page)
    assert len(pictures) == drawn >= 3
    assert "raise NotImplementedError" in text_of(site / "notebooks" / f"{assignment}.html")
    assert f'href="../{in_browser(assignment)}"' in page
    assert f'href="../{to_download(assignment)}" download' in page
    assert "colab.research.google.com/github/owner/name/blob/main/release/" in page
    released_file = REPOSITORY / "release" / assignment / f"{assignment}.ipynb"
    assert (site / to_download(assignment)).read_bytes() == released_file.read_bytes()


def test_there_is_no_button_for_colab_without_a_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colab reads notebooks from GitHub, so the site has to know where it is there."""
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    assert in_colab("lstm") == ""
    monkeypatch.setenv("GITHUB_REPOSITORY", "owner/name")
    assert in_colab("lstm") == "https://colab.research.google.com/github/owner/name/blob/main/release/lstm/lstm.ipynb"


def test_the_reference_has_every_command_with_every_option(site: Path) -> None:
    """As the command line itself has them."""
    page = text_of(site / "reference" / "commands.html")
    for name, command in main.commands.items():
        if command.hidden:
            continue
        assert f"autograder {name}" in page
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert max(parameter.opts) in page, (name, parameter.opts)


def test_formulas_are_mathml(site: Path) -> None:
    """No formula is left as LaTeX, and none waits for a script."""
    for assignment in ASSIGNMENTS:
        page = (site / "notebooks" / f"{assignment}.html").read_text(encoding="utf-8")
        assert page.count("<math") > 20
        assert not re.search(r"\$[^$<]*\\[a-z]+|<script[^>]*mathjax", page, re.IGNORECASE)
