"""No HTML of a student's does anything: it is looked at as a browser would, with a parser that is not the sanitiser."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.report.untrusted import Outputs, clean, markdown
from tests.report.conftest import HOSTILE, PIXEL

ALLOWED = re.compile(
    r"p|div|span|a|b|i|em|strong|code|pre|br|hr|[uod]l|li|dt|dd|table|t(head|body|foot|[rdh])|caption|img|details|summary"
    r"|blockquote|h[3-6]|small|su[bp]|del|ins"
    r"|math|m(row|i|o|n|text|space|style|table|tr|td|frac|sub|sup|subsup|over|under|sqrt|root)"
)
PIECES = [*HOSTILE, "<b>", "</b>", "<table>", "</math>", "<mtext>", "$", "`", "\n\n", "<!--"]


class Harm(HTMLParser):
    """Collects what could act."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """An element that should not be there, or an attribute that acts, styles or fetches."""
        if not ALLOWED.fullmatch(tag):
            self.found.append(tag)
        for name, value in attributes:
            text = (value or "").lower()
            if name.startswith("on") or name in ("style", "class", "id", "srcset", "background", "xlink:href"):
                self.found.append(f"{tag} {name}")
            if name == "href" and not (tag == "a" and text.startswith(("http://", "https://", "mailto:"))):
                self.found.append(f"{tag} {name}={text}")
            if name == "src" and not (tag == "img" and text.startswith("data:image/")):
                self.found.append(f"{tag} {name}={text}")


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_acts_as_html_or_as_markdown(html: str) -> None:
    """Scripts, handlers, styles, frames, forms, and anything that would be fetched are gone."""
    assert Harm(clean(html)).found == []
    assert Harm(markdown(html)).found == []


@given(
    st.lists(
        st.sampled_from([*HOSTILE, "<b>", "</b>", "<table>", "</math>", "<mtext>", "$", "`", "\n\n", "<!--"]),
        max_size=6,
    )
)
def test_nothing_acts_however_it_is_put_together(pieces: list[str]) -> None:
    """One half-open element may change how the next is read."""
    html = "".join(pieces)
    assert Harm(clean(html)).found == []
    assert Harm(markdown(html)).found == []


def test_what_a_student_may_show_stays() -> None:
    """Tables, emphasis, links and pictures that are part of the page."""
    for html in (
        '<table><tbody><tr><th scope="row">a</th><td>1</td></tr></tbody></table>',
        '<a href="https://ok.example" rel="noopener noreferrer">x</a>',
        f'<img src="{PIXEL}" alt="dot">',
    ):
        assert clean(html) == html


def test_a_picture_without_a_description_says_so() -> None:
    """A screen reader would read out its data instead."""
    assert "without a description" in clean(f'<img src="{PIXEL}">')


def test_a_drawing_becomes_a_picture() -> None:
    """As a picture a browser runs no script in it."""
    svg = {"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"}
    (piece,) = Outputs().shown([{"output_type": "display_data", "data": svg, "metadata": {}}])
    assert "<img" in piece and "data:image/svg+xml;base64," in piece and "<svg" not in piece


def test_where_only_a_script_would_draw_the_text_beside_it_is_shown() -> None:
    """As for interactive plots."""
    data = {"text/html": "<div></div><script>draw()</script>", "text/plain": "Figure(640x480)"}
    (piece,) = Outputs().shown([{"output_type": "display_data", "data": data, "metadata": {}}])
    assert "Figure(640x480)" in piece


@pytest.mark.parametrize("formula", [r"\frac{", "{" * 1990, r"\frac" * 390, "&" * 100, "\\", "^_^", r"\begin{align}"])
def test_a_formula_that_is_none_is_shown_as_it_is(formula: str) -> None:
    """A student's slip must not cost the page."""
    assert markdown(f"before ${formula}$ after").startswith("<p>before")


def test_formulas_become_mathml() -> None:
    """Aligned ones too, their columns kept apart."""
    html = markdown(r"$$\begin{aligned} a &= b \\ c &= d \end{aligned}$$")
    assert html.count("<mtr>") == 2 and html.count("<mtd") == 4 and "&amp;" not in html


def test_a_minus_after_another_operator_is_a_sign() -> None:
    """A browser puts space around a difference, and none behind a sign."""
    assert markdown("$w = -2$").count('<mo form="prefix">') == 1
    assert markdown("$(-1, 0, -1)$").count('<mo form="prefix">') == 2
    assert markdown("$(a) - b - c$").count('<mo form="prefix">') == 0
