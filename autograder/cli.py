"""Command-line interface: the group of all commands, and how an error of a person's ends."""

from __future__ import annotations

import atexit
import gc
import sys
from pathlib import Path

import click

from autograder.commands import course, grading, platforms, results, switching
from autograder.fast import defer_packages, import_nbgrader, skip_address_grammars
from autograder.models import DISTRIBUTION, CourseError
from autograder.terminal import errors, replace_what_cannot_be_shown, say


class _Commands(click.Group):
    """Turns an error that a person can correct into one line and exit status 1."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except CourseError as error:
            say(errors, str(error), "red")
            sys.exit(1)
        except KeyboardInterrupt:
            say(errors, "Interrupted. Finished submissions are saved; run the command again for the rest.", "yellow")
            sys.exit(130)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The course folder, which holds source/ and nbgrader_config.py.  [default: the current folder]",
)
@click.version_option(package_name=DISTRIBUTION, message="%(version)s")
@click.pass_context
def main(context: click.Context, root: Path) -> None:
    """Build a course of Jupyter notebooks, grade submissions, and write feedback pages and reports."""
    replace_what_cannot_be_shown()
    context.obj = root.resolve()
    gc.set_threshold(300_000)  # imports make so many objects, which stay: looking through them for garbage takes time
    atexit.register(gc.freeze)  # and most of half a second when the command ends
    skip_address_grammars()
    defer_packages()
    import_nbgrader()


for _command in (
    *(switching.init, switching.compare),
    *(course.build, course.new),
    platforms.collect,
    *(grading.grade, grading.grade_file),
    *(results.extend, results.read, results.feedback, results.report),
    *(platforms.give_back, platforms.gradescope, platforms.grade_on_gradescope),
    *(grading.demonstrate, course.doctor),
):
    main.add_command(_command)
