"""A notebook as a page to read: what students receive, with the pictures and numbers of the solved notebook.

All text and code comes from `release/`. Of `solutions/` nothing is read but the outputs of cells that students are
given as they are.
"""

from __future__ import annotations

import html
import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import yaml
from myst_parser.slugs import github_slugify
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output

from autograder.build import TOOLS
from autograder.cells import role, without_title
from autograder.notebook import read as read_notebook
from website.addresses import path_of

_ROOT = Path(__file__).parent.parent
_FRONT = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)
_TITLE = re.compile(r"# .*\n")
_ANCHOR = re.compile(r"\]\(#([^ ]*)\)(?=[^)]|$)")
_LINK = re.compile(r"\]\(\.\./(\w+)/\1\.ipynb\)")
_WAYS_TO_OPEN = "{{in-browser}}`{assignment}` {{notebook-file}}`{assignment}` {{in-colab}}`{assignment}`\n"
_PICTURE = re.compile(r'<img src="data:image/svg\+xml;base64,([^"]*)" alt="([^"]*)"[^>]*>')
_COMMENTS = re.compile(r"(?:#.*\n?)+")


def read(text: str) -> NotebookNode:
    """The page that `docs/notebooks/<name>.notebook.md` stands for; its front matter names the assignment."""
    front = _FRONT.match(text)
    return page(yaml.safe_load(front[1])["assignment"]) if front else page(text.strip())


def page(assignment: str) -> NotebookNode:
    """The notebook of `assignment` as Sphinx shall show it."""
    released = read_notebook(_ROOT / "release" / path_of(assignment))
    outputs = outputs_of_given_cells(assignment)
    cells = [_shown(cell, outputs.get(cell["id"], [])) for cell in released.cells]
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        if cell.cell_type == "code" and following is not None:
            cell.outputs = [each for each in cell.outputs if not _is_repeated(each, following.source)]
    links = _WAYS_TO_OPEN.format(assignment=assignment)
    cells[0].source = _TITLE.sub(lambda title: f"{title[0]}\n{links}\n", cells[0].source, count=1)
    released.cells = cells
    return released


def outputs_of_given_cells(assignment: str) -> dict[str, list[NotebookNode]]:
    """What the cells of the solved notebook display that a student receives with the very same code, by their ids."""
    released = read_notebook(_ROOT / "release" / path_of(assignment))
    solved = read_notebook(_ROOT / "solutions" / path_of(assignment))
    given = {cell["id"]: without_title(cell.source) for cell in released.cells if not role(cell).is_answer}
    return {
        cell["id"]: [_readable(output) for output in cell.outputs]
        for cell in solved.cells
        if cell.cell_type == "code" and given.get(cell["id"]) == without_title(cell.source)
    }


def pictures(assignment: str) -> dict[str, tuple[bytes, str]]:
    """The pictures of the solved notebook as SVG, each with its alternative text, by the ids of their cells."""
    found = {}
    for name, outputs in outputs_of_given_cells(assignment).items():
        for output in outputs:
            if svg := output.get("data", {}).get("image/svg+xml"):
                found[name] = (svg.encode(), output.metadata["alt"])
    return found


def _readable(output: NotebookNode) -> NotebookNode:
    """An output in a form that Sphinx makes a good page of: pictures as files, sentences of checks as text."""
    if output.output_type == "error":
        return new_output("stream", name="stdout", text="\n".join(output.traceback) + "\n")
    data = output.get("data", {})
    if found := _PICTURE.fullmatch(data.get("text/html", "")):
        svg = b64decode(found[1]).decode()
        return new_output("display_data", {"image/svg+xml": svg}, metadata={"alt": html.unescape(found[2])})
    return output


def _shown(cell: NotebookNode, outputs: list[NotebookNode]) -> NotebookNode:
    """The cell as the page shows it."""
    name, source = role(cell).grade_id, without_title(cell.source)
    if cell.cell_type == "markdown":
        return new_markdown_cell("*Here you write your answer.*" if role(cell).is_answer else _with_links(source))
    if _COMMENTS.fullmatch(source):
        return new_markdown_cell(f"*{' '.join(line.lstrip('# ') for line in source.splitlines())}*")
    made: dict[str, Any] = {**cell, "source": source, "outputs": outputs, "execution_count": None, "metadata": {}}
    if name == TOOLS:
        made["source"] = "# The code of the checks stands here in the notebook."
    elif cell.metadata.get("jupyter", {}).get("source_hidden"):
        first_line = source.split("\n", 1)[0].lstrip("# ")
        made["metadata"] = {"tags": ["hide-input"], "mystnb": {"code_prompt_show": first_line}}
        made["metadata"]["mystnb"]["code_prompt_hide"] = first_line
    for output in outputs:
        if alt := output.get("metadata", {}).get("alt"):
            made["metadata"].setdefault("mystnb", {})["image"] = {"alt": alt}
    return NotebookNode(made)


def _with_links(text: str) -> str:
    """Text whose links lead to the pages of other notebooks, and to headings by the names that Sphinx gives them."""
    text = _LINK.sub(r"](\1.notebook.md)", text)
    return _ANCHOR.sub(lambda link: f"](#{github_slugify(link[1])})", text)


def _is_repeated(output: NotebookNode, text: str) -> bool:
    """Whether the text below a cell says what the cell prints: "You should see ..."."""
    if output.get("data", {}).keys() - {"text/plain"}:
        return False
    printed = (output.get("text") or output.get("data", {}).get("text/plain", "")).strip()
    return bool(printed) and printed in text
