"""What students do in a cell beside answering, and whether the cell goes on: in stock nbgrader and in ours.

Each file of `habits/` holds habits of one kind. A habit is a line `# %%` that says what the student does, and the code
that does it; the answer follows below that, or where `ANSWER` stands. `python -m tests.fidelity.habits` runs each of
them in a kernel of its own by nbgrader's `Execute`, keeps how that went in `habits.json`, and renews the tables of
`docs/instructors/fidelity.md`. Names as its arguments choose habits; the others keep what was recorded before.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import Execute

from autograder.protocol import messages
from autograder.sandbox import ForkServer, shared
from tests.conftest import REPOSITORY

HERE = Path(__file__).parent
PAGE, RECORD = REPOSITORY / "docs" / "instructors" / "fidelity.md", HERE / "habits.json"
BEGIN, END = "<!-- generated from tests/fidelity/habits -->\n", "<!-- end of what is generated -->\n"
GOES_ON = "goes on"
KINDS = {
    "shell": "Other programs",
    "magics": "Magics, and what Jupyter offers beside Python",
    "figures": "Figures and windows",
    "modules": "Modules, files and Python's own library",
}
BESIDE: Mapping[str, bytes] = {
    "helper.py": b"import numpy as np\n\n\ndef clip(z):\n    return np.maximum(z, 0)\n",
    "layers/__init__.py": b"",
    "layers/dense.py": b"class Dense:\n    def __init__(self, size):\n        self.size = size\n",
    "lib/tools.py": b"def twice(n):\n    return 2 * n\n",
    "random.py": b"raise RuntimeError('Python has one of its own')\n",
    "yaml.py": b"value = 3\n",
    "data/points.csv": b"1,2\n3,4\n5,6\n",
}
"""What was handed in beside the notebook. In stock a second notebook lies there, too; grading takes in none."""

_ANSWER = "def answer():\n    return 42"
_SEPARATOR = re.compile(r"^# %% (.+)$", re.MULTILINE)
_SECONDS = 30


@dataclass(frozen=True)
class Habit:
    """Something that students do, its kind, and the code that does it."""

    kind: str
    name: str
    code: str

    @property
    def cells(self) -> list[str]:
        """The notebook: the cell with the habit, and the cell that asks for the answer."""
        if "ANSWER" in self.code:
            return [self.code.replace("ANSWER", _ANSWER), "answer()"]
        if self.code.startswith("%%"):  # all of the cell belongs to the magic
            return [self.code, f"{_ANSWER}\nanswer()"]
        return [f"{self.code}\n{_ANSWER}", "answer()"]


def _read(path: Path) -> Iterator[Habit]:
    _, *pieces = _SEPARATOR.split(path.read_text(encoding="utf-8"))
    for name, code in zip(pieces[::2], pieces[1::2], strict=True):
        yield Habit(path.stem, name, code.strip("\n"))


HABITS = [habit for kind in KINDS for habit in _read(HERE / "habits" / f"{kind}.ipy")]


def in_student_process(fork_server: ForkServer, habit: Habit) -> str:
    """Whether the cell goes on in a student process; the name of the error that ends it when it does not."""
    process = fork_server.start(BESIDE, figures="matplotlib" in habit.code or "pylab" in habit.code)
    try:
        outputs = []
        for source in habit.cells:
            deadline = time.monotonic() + _SECONDS
            process.channel.send(messages.RunCell(secrets.token_bytes(16), source), deadline)
            reply = process.channel.receive(deadline)
            assert isinstance(reply, messages.CellDone)
            outputs.append(reply.outputs)
            if reply.raised and not any(output["output_type"] == "error" for output in reply.outputs):
                return "UsageError"  # which is shown as a line on stderr; nbgrader makes an error of it
    finally:
        process.end()
    return _outcome(outputs)


def in_stock(habit: Habit) -> str:
    """The same where nbgrader runs the notebook, in a kernel of its own."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in habit.cells])
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {**BESIDE, "other.ipynb": _other_notebook()}.items():
            path = Path(folder, "work", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        os.environ["IPYTHONDIR"] = str(Path(folder, "ipython"))
        execute = Execute(kernel_name="python3", timeout=_SECONDS, extra_arguments=["--log-level=ERROR"])
        try:
            execute.preprocess(notebook, {"metadata": {"path": str(Path(folder, "work"))}})
        except Exception as error:
            return type(error).__name__
    return _outcome([cell.outputs for cell in notebook.cells])


def _other_notebook() -> bytes:
    cells = [nbformat.v4.new_code_cell("value = 3", id="value")]
    text: str = nbformat.writes(nbformat.v4.new_notebook(cells=cells))
    return text.encode()


def _outcome(shown: list[list[dict[str, Any]]]) -> str:
    errors = [output["ename"] for outputs in shown for output in outputs if output["output_type"] == "error"]
    answers = [output["data"].get("text/plain") for output in shown[-1] if output["output_type"] == "execute_result"]
    return errors[0] if errors else GOES_ON if answers == ["42"] else "no answer"


def load() -> dict[str, dict[str, str]]:
    """What was recorded: for each habit by its name, how it went in stock and in ours."""
    recorded: dict[str, dict[str, str]] = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    return recorded


def tables(recorded: Mapping[str, Mapping[str, str]]) -> str:
    """The totals, and a table for each kind; raises KeyError when a habit was never tried."""
    tried = [(habit, recorded[habit.name]) for habit in HABITS]
    kept = [(habit, went) for habit, went in tried if went["stock"] == GOES_ON]
    lost = [habit for habit, went in kept if went["ours"] != GOES_ON]
    more = [habit for habit, went in tried if went["stock"] != GOES_ON and went["ours"] == GOES_ON]
    lines = [
        "",
        f"Of {len(tried)} habits, stock nbgrader goes on after {len(kept)}; ours after {len(kept) - len(lost)} of "
        f"these, and after {len(more)} more. Where the two differ, the row is in bold.",
        "",
    ]
    for kind, title in KINDS.items():
        lines += [f"### {title}", "", "| a cell that | stock nbgrader | ours |", "|---|---|---|"]
        for habit, went in tried:
            if habit.kind == kind:
                same = went["stock"] == went["ours"]
                columns = [habit.name, went["stock"], went["ours"] if same else f"**{went['ours']}**"]
                lines.append(f"| {' | '.join(columns)} |")
        lines.append("")
    return "\n".join(lines)


def write() -> None:
    """Renew the generated part of the page."""
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(before + BEGIN + tables(load()) + END + after, encoding="utf-8")


def record(names: list[str]) -> None:
    """Try the habits of these names, or all, both ways, and keep how each went."""
    known = load()
    for habit in HABITS:
        if not names or habit.name in names:
            known[habit.name] = {"stock": in_stock(habit), "ours": in_student_process(shared(), habit)}
            print(habit.name, known[habit.name], sep=": ", flush=True)
    known = {habit.name: known[habit.name] for habit in HABITS if habit.name in known}
    RECORD.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record(sys.argv[1:])
    write()
