"""The pages of the site, which Sphinx makes of `docs/`; any warning ends the build."""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.cmd.build import build_main

from autograder.models import CourseError
from autograder.notebook import assignments
from website.addresses import path_of, to_download


def build(root: Path, site: Path) -> None:
    """Build the pages of the course at `root` into the folder `site`, which is replaced.

    Raises CourseError when Sphinx has something to say; what it is stands on the terminal.
    """
    shutil.rmtree(site, ignore_errors=True)
    _run(root, "html", site)
    for source_map in site.rglob("*.map"):  # of the theme's scripts and styles, for those who write them
        source_map.unlink()
    for assignment in assignments(root):
        shutil.copy(root / "release" / path_of(assignment), site / to_download(assignment))


def check_links(root: Path) -> None:
    """Ask other sites whether the links to them work; raises CourseError when one does not."""
    _run(root, "linkcheck", root / "build" / "links")


def _run(root: Path, builder: str, target: Path) -> None:
    """Run Sphinx on `docs/`: everything afresh, with every unknown reference and every other warning an error."""
    options = ["--fresh-env", "--nitpicky", "--fail-on-warning", "--keep-going", "--quiet"]
    doctrees = target.parent / f"{builder}-doctrees"
    if build_main(["-b", builder, *options, "-d", str(doctrees), str(root / "docs"), str(target)]):
        raise CourseError("the website could not be built.", root / "docs", "Correct what Sphinx reports above.")
