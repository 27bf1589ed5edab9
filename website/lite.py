"""JupyterLite with the notebooks of `release/`, in the folder `lite/` of the site."""

from __future__ import annotations

from pathlib import Path


def build(site: Path, offline: bool) -> None:
    """Put JupyterLite into `site / LITE`.

    Args:
        site: the folder of the built website.
        offline: whether all that a browser needs lies in the site; otherwise Pyodide comes from its own CDN.
    """
