"""The floor: fork a process with all libraries imported for each notebook, execute its cells, and nothing else.

`python -m benchmarks.floor FOLDER` runs every notebook below the folder. Output goes nowhere, nothing is judged,
confined or written.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path

import IPython.display
import matplotlib as mpl
import matplotlib.pyplot
import numpy
import scipy.special

WARM = (IPython.display, matplotlib.pyplot, numpy, scipy.special)


def main() -> None:
    """One notebook after the other, as a grader with one worker would."""
    mpl.use("agg")
    _draw_once()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    gc.freeze()
    for path in sorted(Path(sys.argv[1]).rglob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        if (process := os.fork()) == 0:
            _execute(["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"])
            os._exit(0)
        os.waitpid(process, 0)


def _draw_once() -> None:
    """What matplotlib does on its first figure is part of being warm."""
    figure = matplotlib.pyplot.figure()
    figure.text(0.5, 0.5, "$x_1$")
    figure.canvas.draw()
    matplotlib.pyplot.close(figure)


def _execute(sources: list[str]) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    for source in sources:
        try:  # a cell that fails is the student's affair
            exec(source, names)
        except Exception:
            continue


if __name__ == "__main__":
    main()
