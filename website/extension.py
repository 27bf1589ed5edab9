"""What the site adds to Sphinx: formulas without a script, the notebooks' pictures, links to the code.

Sphinx loads it by its name in `docs/conf.py`.
"""

from __future__ import annotations

from html import escape
from os.path import relpath
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.addnodes import download_reference, pending_xref
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import ReferenceRole, SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from autograder.report.untrusted import mathml
from website.addresses import in_browser, in_colab, in_repository, to_download
from website.notebooks import pictures


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register everything with Sphinx."""
    app.add_html_math_renderer("mathml", inline_renderers=(_formula, None), block_renderers=(_displayed_formula, None))
    app.add_directive("picture", Picture)
    for kind in OpenNotebook.KINDS:
        app.add_role(kind, OpenNotebook())
    app.add_transform(LinksToTheRepository)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _formula(translator: Any, node: nodes.math) -> None:
    """A formula in a line, as MathML: every browser of today shows it, and it needs neither a script nor a font."""
    translator.body.append(mathml(node.astext(), display=False))
    raise nodes.SkipNode


def _displayed_formula(translator: Any, node: nodes.math_block) -> None:
    """A formula in a line of its own, which scrolls by itself where it is wider than the page."""
    translator.body.append(f'<div class="formula" tabindex="0">{mathml(node.astext(), display=True)}</div>\n')
    raise nodes.SkipNode


class Picture(SphinxDirective):
    """`{picture} feedforward e70cc786`: the picture of a cell of a solved notebook, with its description."""

    required_arguments = 2
    option_spec: ClassVar[dict[str, Any]] = {"class": directives.class_option}

    def run(self) -> list[nodes.Node]:
        """An image of a file that is written beside the site."""
        assignment, cell = self.arguments
        found = pictures(assignment)
        if cell not in found:
            raise self.error(f"{assignment} has no picture '{cell}'; it has {', '.join(found) or 'none'}.")
        svg, alt = found[cell]
        folder = Path(self.env.doctreedir).parent / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{assignment}-{cell}.svg"
        file.write_bytes(svg)
        image = nodes.image(uri=f"/{relpath(file, self.env.srcdir)}", alt=alt, classes=self.options.get("class", []))
        self.set_source_info(image)
        return [image]


class OpenNotebook(ReferenceRole):
    """``{in-browser}`lstm` ``, ``{notebook-file}`lstm` ``, ``{in-colab}`lstm` ``: a button that leads to a notebook.

    Without a repository there is no button for Colab, which reads notebooks from GitHub.
    """

    KINDS: ClassVar = {"in-browser": "Open in the browser", "notebook-file": "Download", "in-colab": "Open in Colab"}

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The link as HTML; its words may be set: ``{in-browser}`Start now <lstm>` ``."""
        if not (address := self._address()):
            return [], []
        kind = "sd-btn-primary" if self.name == "in-browser" else "sd-btn-outline-primary"
        words = escape(self.title if self.has_explicit_title else self.KINDS[self.name])
        download = " download" if self.name == "notebook-file" else ""
        html = f'<a class="sd-btn {kind}" href="{escape(address)}"{download}>{words}</a>'
        return [nodes.raw("", html, format="html")], []

    def _address(self) -> str:
        to_root = "../" * self.env.docname.count("/")
        if self.name == "in-browser":
            return to_root + in_browser(self.target)
        return in_colab(self.target) if self.name == "in-colab" else to_root + to_download(self.target)


class LinksToTheRepository(SphinxTransform):
    """A link to a file outside of `docs/` leads to that file on GitHub, or becomes plain text without a repository.

    MyST would copy the file into the site and offer it for download.
    """

    default_priority = 100

    def apply(self, **kwargs: Any) -> None:
        """Replace these links."""
        root = Path(self.env.srcdir).parent
        for link in list(self.document.findall(pending_xref)):
            if (path := Path(f"{link['reftarget']}.md")).is_absolute():  # as MyST writes a page that is not in `docs/`
                self._replace(link, path.relative_to(root))
        for file in list(self.document.findall(download_reference)):
            path = (Path(self.env.doc2path(self.env.docname)).parent / file["reftarget"]).resolve()
            if not path.is_relative_to(self.env.srcdir):
                self._replace(file, path.relative_to(root))

    def _replace(self, link: nodes.Element, path: Path) -> None:
        text, address = link.deepcopy().children, in_repository(path.as_posix())
        link.replace_self(nodes.reference("", "", *text, refuri=address) if address else text)
