"""`python -m website`: build the course's website into `build/site/`."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.models import CourseError
from website import lite, pages

_ROOT = Path(__file__).parent.parent


@click.command()
@click.option("--offline", is_flag=True, help="Put all of JupyterLite into the site: it needs no other machine.")
@click.option(
    "--pyodide",
    type=click.Path(path_type=Path, exists=True),
    help="With --offline: an archive or a folder with Pyodide's files. Without it, npm and pip get them.",
)
@click.option("--check-links", is_flag=True, help="Build nothing; ask whether the links to other sites still work.")
def main(offline: bool, pyodide: Path | None, check_links: bool) -> None:
    """Build the course's website into build/site/."""
    site = _ROOT / "build" / "site"
    try:
        if check_links:
            pages.check_links(_ROOT)
        else:
            pages.build(_ROOT, site)
            lite.build(site, offline, pyodide)
            click.echo(f"Built: {site / 'index.html'}")
    except CourseError as error:
        raise click.ClickException(str(error)) from None


if __name__ == "__main__":
    main()
