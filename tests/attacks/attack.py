"""An attack: what one cheat hands in, kept as a short file.

A file's first line says what the attack does, its name begins with the kind and ends in the score it must get: what the
same notebook without the trick would. Three folders hold three forms:

- `corpus/`: what stands in the cell of `double`, and behind a line `# %% triple` in the cell of `triple`;
- `notebooks/`: a function `change(notebook)` applied to the notebook with a wrong `double`;
- `folders/`: a function `change(folder)` applied to the folder in which that notebook lies.
"""

from __future__ import annotations

import json
import runpy
from dataclasses import dataclass
from pathlib import Path

from tests.attacks import target

HERE = Path(__file__).parent
KINDS = {
    "honest": "No trick",
    "forge": "Forging a verdict",
    "read": "Reading what is hidden",
    "tamper": "Tampering with notebooks, files and the gradebook",
    "deny": "Denying service",
    "escape": "Escaping from the process",
    "evade": "Evading the tests",
}
WRONG = "def double(x):\n    return x\n"


@dataclass(frozen=True)
class Attack:
    """One file of the corpus."""

    path: Path

    @property
    def name(self) -> str:
        """What the student who tries it is called."""
        return self.path.stem

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        return self.name.split("_")[0]

    @property
    def score(self) -> int:
        """The points it must get."""
        return int(self.name.rsplit("_", 1)[1])

    @property
    def summary(self) -> str:
        """What it does, in a line."""
        return self.path.read_text(encoding="utf-8").splitlines()[0].strip('# "')

    def hand_in(self, folder: Path) -> None:
        """Write the submission into `folder`, the place of one student's work."""
        notebook = target.handed_out()
        path = folder / f"{target.ASSIGNMENT}.ipynb"
        form, text = self.path.parent.name, self.path.read_text(encoding="utf-8")
        double, _, triple = text.partition("# %% triple\n") if form == "corpus" else (WRONG, "", "")
        notebook.cells[0].source, notebook.cells[1].source = double, triple or target.TRIPLE
        if form == "notebooks":
            runpy.run_path(str(self.path))["change"](notebook)
        folder.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")  # nbformat would refuse to write some of them
        if form == "folders":
            runpy.run_path(str(self.path))["change"](folder)


ATTACKS = sorted(
    (Attack(path) for form in ("corpus", "notebooks", "folders") for path in (HERE / form).glob("*.py")),
    key=lambda attack: (list(KINDS).index(attack.kind), attack.name),
)
