"""From a template to one HTML file that needs nothing else: no request, no script, its styles inside."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from functools import cache
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape


def render(template: str, **values: object) -> str:
    """The page that `template` makes of `values`."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("autograder.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    source, _, _ = made.loader.get_source(made, "style.css")  # type: ignore[union-attr]  # it has been given one
    style = f"\n{source}"
    fingerprint = b64encode(sha256(style.encode()).digest()).decode()
    made.globals["style"] = Markup(style)
    made.globals["policy"] = (
        f"default-src 'none'; style-src 'sha256-{fingerprint}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    made.filters["points"] = _points
    made.filters["day"] = _day
    made.filters["percent"] = _percent
    made.filters["breakable"] = _breakable
    made.filters["code"] = _code
    return made


def _points(number: float) -> str:
    return f"{round(number, 2) + 0.0:g}".replace("-", "−")


def _day(at: datetime) -> str:
    """The day of a time in UTC, in figures that are read the same everywhere."""
    return f"{at:%Y-%m-%d}"


def _code(words: str) -> Markup:
    """`words`, in which text between backticks becomes code."""
    parts = enumerate(words.split("`"))
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else escape(part) for at, part in parts)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _breakable(name: str) -> Markup:
    """A name that a narrow column may break after an underscore."""
    return escape(name).replace("_", Markup("_<wbr>"))
