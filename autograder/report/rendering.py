"""From a template to one HTML file that needs nothing else: no request, its styles inside.

A student's page runs no script at all. A report has one script, which sorts and filters its table; the content policy
allows this one by its digest, and no other.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from functools import cache
from hashlib import sha256

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

OURS = "autograder.report"


def render(template: str, package: str = OURS, **values: object) -> str:
    """The page that `template` makes of `values`; a template of another package can use the parts of this one's."""
    return _environment(package).get_template(template).render(values)


def style() -> str:
    """The styles of every page, for one that names them by an address."""
    return _environment(OURS).from_string("{{ styles.page }}").render()


@cache
def _environment(package: str) -> Environment:
    made = Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in dict.fromkeys((package, OURS))]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    sheets = {name: _source(made, name) for name in ("style.css", "report.css", "report.js")}
    styles = {"page": sheets["style.css"], "report": sheets["style.css"] + sheets["report.css"]}
    script = sheets["report.js"]
    made.globals["styles"] = {kind: Markup(style) for kind, style in styles.items()}
    made.globals["script"] = Markup(script)
    made.globals["policies"] = {
        "page": _policy(_digest(styles["page"])),
        "report": _policy(_digest(styles["report"]), f"script-src {_digest(script)}; "),
    }
    made.filters["points"] = points
    made.filters["day"] = _day
    made.filters["percent"] = _percent
    made.filters["breakable"] = _breakable
    made.filters["code"] = _code
    return made


def _source(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return f"\n{environment.loader.get_source(environment, name)[0]}"


def _policy(style: str, scripts: str = "") -> str:
    return f"default-src 'none'; style-src {style}; {scripts}img-src data:; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    """The name of a text in a content policy."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def points(number: float) -> str:
    """A number of points as pages show it."""
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
