"""Where a notebook can be opened from the website; the links on its page and JupyterLite's folder follow from here."""

from __future__ import annotations

import os

LITE = "lite"
"""The folder of the site that holds JupyterLite."""

_IN_BROWSER = f"{LITE}/notebooks/index.html?path={{path}}"
_IN_COLAB = "https://colab.research.google.com/github/{repository}/blob/main/release/{path}"


def path_of(assignment: str) -> str:
    """Where the notebook of `assignment` lies in `release/`, and among the files of JupyterLite."""
    return f"{assignment}/{assignment}.ipynb"


def in_browser(assignment: str) -> str:
    """The notebook in JupyterLite, relative to the root of the site."""
    return _IN_BROWSER.format(path=path_of(assignment))


def to_download(assignment: str) -> str:
    """The notebook itself, relative to the root of the site."""
    return f"notebooks/{assignment}.ipynb"


def repository() -> str:
    """The repository on GitHub as `owner/name`, from the variable that GitHub Actions sets; empty without it."""
    return os.environ.get("GITHUB_REPOSITORY", "")


def in_colab(assignment: str) -> str:
    """The notebook in Colab, which reads it from GitHub; empty when the repository is not known."""
    return _IN_COLAB.format(repository=name, path=path_of(assignment)) if (name := repository()) else ""


def in_repository(path: str) -> str:
    """The file at `path` of the repository, as GitHub shows it; empty when the repository is not known."""
    return f"https://github.com/{name}/blob/main/{path}" if (name := repository()) else ""
