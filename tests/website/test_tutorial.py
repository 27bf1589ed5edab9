"""The tutorial for authors: what stands there is done here, step by step, and comes out as it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

from click.testing import CliRunner

from autograder.cells import role
from autograder.cli import main
from autograder.lint import lint
from autograder.notebook import fill_in
from tests.conftest import REPOSITORY

TUTORIAL = (REPOSITORY / "docs" / "authors" / "twenty-minutes.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(?:markdown|python)\n(.*?)```", TUTORIAL, re.DOTALL)


def run(course: Path, *arguments: str) -> str:
    """What a command prints, if it succeeds."""
    result = CliRunner().invoke(main, ["--root", str(course), *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def write_notebook(path: Path, blocks: list[str]) -> None:
    """Delete the second section, put a block into each other cell but the tools, and rename the grade ids."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"] = [cell for cell in notebook["cells"] if "ring" not in cell["id"]]
    cells = [cell for cell in notebook["cells"] if role(cell).grade_id != "given-checks"]
    for cell, block in zip(cells, blocks, strict=True):
        cell["source"] = block.rstrip("\n")
        if name := role(cell).grade_id:
            cell["metadata"]["nbgrader"]["grade_id"] = name.replace("area", "fires")
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_the_tutorial_for_authors_leads_to_a_graded_assignment(tmp_path: Path) -> None:
    """The score and the sentence are the ones that it promises."""
    (tmp_path / "source").mkdir()
    for name in ("nbgrader_config.py", "source/checks.py"):
        (tmp_path / name).write_bytes((REPOSITORY / name).read_bytes())
    run(tmp_path, "new", "perceptron")
    *cells, reference, mistakes, wrong = BLOCKS
    write_notebook(tmp_path / "source" / "perceptron" / "perceptron.ipynb", cells)
    (tmp_path / "answers" / "perceptron" / "reference.py").write_text(reference)
    (tmp_path / "answers" / "perceptron" / "mistakes.py").write_text(mistakes)
    run(tmp_path, "build")
    assert lint(tmp_path) == []

    (tmp_path / "wrong.py").write_text(f"# %% fires\n{wrong}")
    release = tmp_path / "release" / "perceptron" / "perceptron.ipynb"
    handed_in = tmp_path / "grading" / "submitted" / "you" / "perceptron" / "perceptron.ipynb"
    handed_in.parent.mkdir(parents=True)
    handed_in.write_text(json.dumps(fill_in(release, tmp_path / "wrong.py")), encoding="utf-8")
    score = re.search(r"The score is (\d) of (\d)", TUTORIAL)
    assert score and f"{score[1]} / {score[2]}" in run(tmp_path, "grade", "perceptron")
    run(tmp_path, "feedback", "perceptron")
    page = tmp_path / "grading" / "feedback" / "you" / "perceptron" / "perceptron.html"
    assert "The bias is not added." in page.read_text(encoding="utf-8")
