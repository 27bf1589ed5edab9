"""`matplotlib.pyplot` in a check is the student's."""

from __future__ import annotations

import sys

from tests.judge.conftest import FAILED, PASSED, Run, code

ANSWERS = """\
import matplotlib.pyplot as plt
def draw():
    plt.plot([1, 2], [3, 4], "g--")
    plt.title("Growth")
def bars(ax):
    ax.bar([0, 1], [5, 6])
    ax.set_title("Bars")
def show():
    plt.plot([1])
    plt.show()
"""
CHECKS = {
    "import matplotlib.pyplot as plt\ndraw()\nassert plt.gca().get_title() == 'Growth'": PASSED,
    "from matplotlib import pyplot\nassert pyplot.get_fignums() == []": PASSED,
    "import matplotlib.pyplot\ndraw()\nline = matplotlib.pyplot.gca().lines[0]\n"
    "assert line.get_xydata().tolist() == [[1, 3], [2, 4]]": PASSED,
    "draw()\nassert plt.gca().get_title() == 'Decay'": FAILED,
    "fig, ax = plt.subplots()\nbars(ax)\nassert ax.get_title() == 'Bars' and len(ax.patches) == 2\n"
    "import matplotlib\nassert isinstance(ax, matplotlib.axes.Axes)\n"
    "assert isinstance(fig, matplotlib.figure.Figure)": PASSED,
    "from unittest.mock import patch\nwith patch('matplotlib.pyplot.show') as shown:\n    show()\n"
    "shown.assert_called_once()\nassert len(plt.gca().lines) == 1": PASSED,
    "plt.show = lambda: None\nshow()\nassert len(plt.get_fignums()) == 1": PASSED,
    "show()\nassert len(plt.get_fignums()) == 0": PASSED,
}


def test_a_check_finds_the_figures_of_the_student(run: Run) -> None:
    """However it imports pyplot; after each check figures are closed, and what it replaced is as before."""
    before = sys.modules.get("matplotlib.pyplot")
    verdicts = run(code(ANSWERS), *(code(source, f"check-{at}") for at, source in enumerate(CHECKS)))
    assert {source: verdict.outcome for source, verdict in zip(CHECKS, verdicts, strict=True)} == CHECKS
    assert sys.modules.get("matplotlib.pyplot") is before
