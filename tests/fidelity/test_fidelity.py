"""What a student sees is what Jupyter shows, but for the differences that docs/instructors/fidelity.md lists.

Each file of `corpus/` is a notebook whose cells display the same in a student process as in Jupyter, run by nbclient.
Each file of `differences/` begins with the sentence that justifies why its cells do not; cells that only prepare the
others begin with `# set-up`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox import ForkServer, Level
from tests.conftest import REPOSITORY
from tests.fidelity.running import Jupyter, cells, comparable, in_student_process

CORPUS = sorted((REPOSITORY / "tests" / "fidelity" / "corpus").glob("*.ipy"))
DIFFERENCES = sorted((REPOSITORY / "tests" / "fidelity" / "differences").glob("*.ipy"))


@pytest.fixture(scope="module")
def jupyter() -> Iterator[Jupyter]:
    """One kernel for all notebooks."""
    with Jupyter() as jupyter:
        yield jupyter


def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two empty working folders."""
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    return tmp_path / "here", tmp_path / "there"


@pytest.mark.parametrize("notebook", CORPUS, ids=lambda path: path.stem)
def test_a_cell_displays_what_it_displays_in_jupyter(
    fork_server: ForkServer, jupyter: Jupyter, notebook: Path, tmp_path: Path
) -> None:
    """Every output of every cell is equal, in every representation, pictures byte for byte."""
    sources = cells(notebook)
    here, there = folders(tmp_path)
    # a cell with nothing in it is not run at all while grading, nor by nbclient
    ours = iter(in_student_process(fork_server, [source for source in sources if source.strip()], here))
    shown = [next(ours) if source.strip() else [] for source in sources]
    assert list(zip(sources, shown, strict=True)) == list(zip(sources, jupyter.run(sources, there), strict=True))


@pytest.mark.parametrize("notebook", DIFFERENCES, ids=lambda path: path.stem)
def test_a_listed_difference_is_still_one(
    fork_server: ForkServer, jupyter: Jupyter, notebook: Path, tmp_path: Path
) -> None:
    """A difference that is gone belongs in the corpus."""
    if fork_server.level is not Level.NAMESPACES:
        pytest.skip("some of them come from the confinement, which this machine does not allow")
    sources = cells(notebook)
    here, there = folders(tmp_path)
    shown = in_student_process(fork_server, sources, here), jupyter.run(sources, there)
    for source, ours, theirs in itertools.zip_longest(sources, *shown):
        assert source.startswith("# set-up") or ours != theirs, source


def test_the_page_lists_each_difference_with_its_reason() -> None:
    """docs/instructors/fidelity.md has a line for each file of differences, and no other."""
    page = (REPOSITORY / "docs" / "instructors" / "fidelity.md").read_text()
    sentences = [path.read_text().splitlines()[0].removeprefix("# ") for path in DIFFERENCES]
    assert [line.removeprefix("- ") for line in page.splitlines() if line.startswith("- ")] == sentences


def test_what_is_compared_is_not_only_what_varies() -> None:
    """A changed number, name, colour or order is seen; an address, a time or a place is not."""

    def shown(text: str, folder: str = "/one") -> object:
        return comparable([{"output_type": "stream", "name": "stdout", "text": text}], Path(folder), Path("/home"))

    assert shown("<f at 0x7f0011223344> in /one/a.py, 3.1 ms") == shown(
        "<f at 0x7fffffffffff> in /two/a.py, 9 µs", "/two"
    )
    for changed in ("1.25 0x1", "1.5 0x2", "1.5 \x1b[31m0x1", "0x1 1.5"):
        assert shown(changed) != shown("1.5 0x1")
