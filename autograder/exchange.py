"""nbgrader's exchange: how feedback pages get to the students who handed in through it.

A student fetches a page by the secret that `nbgrader submit` left beside the submission. `autograder feedback` and
`nbgrader generate_feedback` leave it beside the page.
"""

from __future__ import annotations

import fnmatch
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import notebook_hash

from autograder.files import SECRET_FILE, folder_of, keep, told_by_exchange
from autograder.models import CourseError
from autograder.text import shown

_MOST_NOTEBOOKS = 20
"""Of one submission."""


@dataclass(frozen=True)
class _Page:
    """A student's feedback page, and the secret of the submission that it is of; empty if that has none."""

    student: str
    path: Path
    secret: str


class ReleaseFeedback(ExchangeReleaseFeedback):  # type: ignore[misc]  # nbgrader has no type information
    """Releases feedback pages, in place of nbgrader's own, which stops at the first submission that has no secret.

    Pages are private in the course's folder, and are copied so that students can read them.
    """

    def copy_files(self) -> None:
        """Copy each page to where its student finds it, and log in a line why one is left out."""
        name, pages = self.coursedir.assignment_id, list(self._pages())
        chosen = [page for page in pages if self._is_asked_for(page.student)]
        if not chosen:
            self.fail(f"{name}: no feedback page was written. Run `autograder feedback {quote(name)}` first.")
        shared = {secret for secret, count in Counter(page.secret for page in pages).items() if count > 1}
        for page in chosen:
            if reason := self._objection(page, shared):
                self.log.warning("%s, %s: not released: %s", shown(page.student), name, reason)
                continue
            graded = folder_of(self.coursedir, name, page.student)
            if graded.is_dir() and self._secret_in(graded) != page.secret:
                advice = f"Run `autograder feedback {quote(name)}` for the newer one."
                self.log.warning("%s: this page is of an earlier submission. %s", shown(page.student), advice)
            try:
                self._release(page)
            except (CourseError, OSError) as error:
                self.fail(f"{shown(page.student)}: the page could not be released: {error}")

    def _pages(self) -> Iterator[_Page]:
        """All pages of the assignment, in the order of the students' names."""
        name = self.coursedir.assignment_id
        for folder in sorted(Path(self.coursedir.root, self.coursedir.feedback_directory).glob(f"*/{name}")):
            if (path := folder / f"{name}.html").is_file():
                yield _Page(folder.parent.name, path, self._secret_in(folder))

    def _is_asked_for(self, student: str) -> bool:
        excluded = self.coursedir.student_id_exclude.split(",")
        return student not in excluded and fnmatch.fnmatchcase(student, self.coursedir.student_id or "*")

    def _objection(self, page: _Page, shared: set[str]) -> str:
        """Why a page cannot be released; empty if it can."""
        if not page.secret:
            return f"the submission did not come through nbgrader's exchange (there is no {SECRET_FILE} beside it)."
        if page.secret in shared:
            return f"another student's submission has the same {SECRET_FILE}. Ask both to submit again."
        return ""

    def _release(self, page: _Page) -> None:
        content = page.path.read_bytes()
        for name in self._notebooks(page):
            target = Path(self.dest_path, f"{notebook_hash(secret=page.secret, notebook_id=name)}.html")
            keep(target, content)
            target.chmod(0o664 if self.coursedir.groupshared else 0o644)
        self.log.info("Feedback released: %s, %s", shown(page.student), self.coursedir.assignment_id)

    def _notebooks(self, page: _Page) -> set[str]:
        """The names under which the student looks for the page: those of all notebooks that were handed in.

        The assignment's may have had another name, and nbgrader's lists show a page only if there is one for each.
        """
        course, name = self.coursedir, self.coursedir.assignment_id
        submitted = Path(course.format_path(course.submitted_directory, page.student, name))
        names = sorted(path.stem for path in submitted.glob("*.ipynb"))
        return {name, *(names[:_MOST_NOTEBOOKS] if self._secret_in(submitted) == page.secret else ())}

    def _secret_in(self, folder: Path) -> str:
        return told_by_exchange(folder).get(SECRET_FILE, b"").decode(errors="replace")
