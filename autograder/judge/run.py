"""Judging one submitted notebook: the student's cells run in student processes, grade cells run here.

First the notebook runs for its page: a process that has met no hidden input runs the student's cells, and what they
display is kept. Checks run there as they were handed out, for the sentence they give; one that hides nothing has passed
when it passes here. Then all other checks judge, each with the notebook as it stood at its place: the same process goes
back to there, or, when later cells changed more than names, another process runs the cells again and displays nothing.
See docs/decisions/008-page-first.md.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import io
import itertools
import linecache
import time
import traceback
import types
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import nbformat

from autograder.cells import (
    answers,
    blanked,
    defined_names,
    function_of,
    hidden_lines,
    hides_all_its_code,
    is_run,
    role,
)
from autograder.imports import has_imports
from autograder.judge import partial_credit, verdicts
from autograder.judge.explain import diagnose
from autograder.judge.mistakes import Mistake, Solution, catalogue, define, install
from autograder.judge.namespace import Namespace, compiled, judging
from autograder.judge.patches import modules_named
from autograder.judge.permissions import Permissions
from autograder.judge.shared_files import SharedFiles, touch_files
from autograder.judge.student import OutputBudget, Process, Student, Trouble
from autograder.judge.student_message import cause, closed, is_missing, line_handed_out, missing, quoted
from autograder.judge.students_files import RunsStudentsFile
from autograder.judge.texts import CannotBeJudged
from autograder.models import Assignment, CourseError, Limits, Outcome, Trial, Verdict, WrittenFiles
from autograder.names import (
    AnswerNames,
    Subject,
    answer_names,
    global_reads,
    handed_out_definitions,
    imported_names,
    set_globally,
    subject_of,
)
from autograder.protocol.codec import WireError

_PAGE_SHARE, _MARKS_SHARE = 0.5, 0.95
"""The parts of a notebook's time at which the pass for its page, and that for its marks, must be over.

The rest is for stopping what still runs.
"""


def examine(
    notebook: nbformat.NotebookNode,
    limits: Limits,
    start: Callable[[], Process],
    trial: Trial = Trial(),  # noqa: B008 - it cannot be changed
    assignment: str = "",
    files: SharedFiles | None = None,
) -> list[Verdict]:
    """Run every code cell of `notebook` and write a verdict into each grade cell, in place.

    Locked cells that are not graded run on both sides. A cell that exceeds `limits.cell_seconds` is stopped and fails;
    the student's other cells have `limits.play_seconds`, unless they import something, so that a function that never
    ends does not use up the notebook's time wherever it is tried out. When the notebook exceeds
    `limits.notebook_seconds` the remaining grade cells fail with a sentence. `trial` says what the checks showed on the
    author's solution, `files` are what checks and the student's code share, where checks can touch any.
    Failed checks of an `assignment` whose mistakes are known get a diagnosis, from all that was asked of the function
    they check. Raises CourseError when no student process can be started: that is no student's fault.
    """
    cells, begun = _cells(notebook), time.monotonic()
    run = functools.partial(_Pass, cells, limits, assignment, trial, _definitions(cells, _names(trial, cells)))
    with contextlib.closing(Student(start, permissions=Permissions(trial.shown), files=files)) as student:
        page = run(student, begun + _PAGE_SHARE * limits.notebook_seconds)
        page.run_for_page()
        marks = run(student, begun + _MARKS_SHARE * limits.notebook_seconds)
        marks.follow(page)
        rounds = _rounds(cells, marks.checks - page.passed, marks.names.asked_for)
        marks.go_back_and_judge(rounds, page.places)
    for number, checks in enumerate(rounds):
        if left := checks - marks.attempts.keys():
            with contextlib.closing(Student(start, True, Permissions(trial.shown), files)) as another:
                before, marks = marks, run(another, marks.end, marks.attempts)
                marks.follow(before)
                marks.run(left, page.troubles, marks.checks.difference(left, *rounds[number + 1 :]) if files else ())
    return _explained(page, marks, assignment)


def try_out(
    notebook: nbformat.NotebookNode, limits: Limits, start: Callable[[], Process], files: SharedFiles | None = None
) -> Trial:
    """Try the checks in `notebook` on the solution in it; raises CourseError when no student process can be started."""
    cells, end = _cells(notebook), time.monotonic() + limits.notebook_seconds
    trial = Trial(names=answer_names(cells))
    definitions = _definitions(cells, _names(trial, cells))
    while True:
        permissions = Permissions(notes=True)
        with contextlib.closing(Student(start, True, permissions, files)) as student:
            marks = _Pass(cells, limits, "", trial, definitions, student, end, notes_changes=True)
            marks.run(marks.checks)
            changed = marks.names.changed | marks.namespace.changed
        if changed == marks.names.changed:
            break
        trial = Trial(names=dataclasses.replace(marks.names, changed=changed))  # the checks meet these as they are then
    given, scored = _given(cells), set[str]()
    broken = {role(cells[at]).grade_id: f"it cannot be run ({reason})" for at, reason in marks.raised.items()}
    for at, attempt in marks.attempts.items():
        grade_id = role(cells[at]).grade_id
        if reason := _objection(cells[at], attempt, marks.verdict(at), given):
            broken[grade_id] = reason
        elif attempt.number is not None:
            scored.add(grade_id)
    written = WrittenFiles(files.rewritten, files.imported) if files else WrittenFiles()
    return dataclasses.replace(
        trial, broken_checks=broken, scored_checks=frozenset(scored), shown=permissions.shown, written=written
    )


def _objection(cell: nbformat.NotebookNode, attempt: _Attempt, verdict: Verdict, given: frozenset[str]) -> str:
    if attempt.unjudged:
        return attempt.unjudged
    if not attempt.ran:
        return f"your own solution does not pass it ({verdict.message})"
    if reason := partial_credit.objection(cell.source, attempt.number, role(cell).points, given):
        return reason
    return f"it gives your own solution {verdict.message}" if attempt.earned is not None else ""


def prepare(assignment: Assignment) -> None:
    """Do once for a class what is the same for each submission: compile the instructor's cells and known answers."""
    install(assignment.name, assignment.answers)
    if known := catalogue(assignment.name):
        known_answers: list[Mistake | Solution] = [*known.solutions.values(), *known.mistakes.values()]
        for answer in known_answers:
            define(answer, {})
    for cell in assignment.master.values():
        if cell.cell_type == "code" and cell.locked:
            with contextlib.suppress(SyntaxError):  # which is said where the check is judged
                compiled(cell.source, assignment.name, cell.grade_id, False)
                if cell.role.is_check:
                    compiled(blanked(cell.source), assignment.name, cell.grade_id, True)
                touch_files([cell.source])
                for source in (cell.source, blanked(cell.source)):  # each of these keeps what it found out
                    for look_at in (defined_names, global_reads, set_globally, modules_named):
                        look_at(source)


@dataclass(frozen=True)
class _Attempt:
    """How a check went in one pass.

    `line` is where it failed, if no hidden line was running then. `unjudged` says why the check says nothing about the
    answer. `number` is what it ended in, if that was a number. `earned` is set when the author marked the check for
    partial credit and it gave less than its points.
    """

    output: nbformat.NotebookNode | None = None
    error: BaseException | None = None
    trouble: str = ""
    printed: str = ""
    line: int = 0
    unjudged: str = ""
    number: float | None = None
    earned: float | None = None

    @property
    def ran(self) -> bool:
        """Whether nothing went wrong."""
        return self.output is None and not self.unjudged

    @property
    def has_passed(self) -> bool:
        """Whether nothing went wrong, and no part of the points is missing."""
        return self.ran and self.earned is None

    def is_like(self, other: _Attempt) -> bool:
        """Whether both failed at the same place with the same kind of error."""
        return self.line == other.line and type(self.error).__name__ == type(other.error).__name__


@dataclass
class _Pass:
    """The code cells of a notebook, gone through once with one student process.

    Checks and cells are known by their place among the cells. `attempts` holds how checks went, `troubles` what stopped
    a cell of the student's from being run to its end, `places` the moment before each instructor's cell, `raised` what
    locked cells raised here. `definitions` are what checks give to later cells (see `_definitions`). Checks that are
    `broken_checks` do not judge.
    """

    cells: list[nbformat.NotebookNode]
    limits: Limits
    assignment: str
    trial: Trial
    definitions: Mapping[int, str]
    student: Student
    end: float
    attempts: dict[int, _Attempt] = field(default_factory=dict)
    troubles: dict[int, str] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    raised: dict[int, str] = field(default_factory=dict)
    notes_changes: bool = False
    output_budget: OutputBudget = field(default_factory=OutputBudget)

    def __post_init__(self) -> None:
        self.checks = {at for at, cell in enumerate(self.cells) if role(cell).is_check}
        self.names = _names(self.trial, self.cells)
        self.namespace = Namespace(self.student, self.names, _given(self.cells))
        self.namespace.history = lambda: [cell.source for cell in self.cells[: self._at + 1]]
        self._at = 0

    @property
    def passed(self) -> set[int]:
        """The checks that passed, and hide nothing that they would still have to pass."""
        return {at for at, each in self.attempts.items() if each.has_passed and not hidden_lines(self.cells[at].source)}

    def follow(self, before: _Pass) -> None:
        """Take over what checks of an earlier pass defined, and their calls of the student's functions."""
        self.namespace.take_over(before.namespace)
        self.student.recording.take_over(before.student.recording)

    def run_for_page(self) -> None:
        """Run the cells, keep what they display, and judge checks as they were handed out."""
        handed_out, place = _handed_out(self.cells), -1
        for at, cell in enumerate(self.cells):
            cell_role = role(cell)
            self._begin(cell)
            if cell_role.is_given:
                self._take_files()
            if not cell_role.is_check:
                cell.outputs, place = self._run(at), -1
            if at in self.definitions:
                self.student.run_quietly(self.definitions[at])
                place = -1
            if cell_role.is_check or cell_role.is_given:
                place = self.student.keep() if place < 0 else place
                self.places[at] = place
            if at in handed_out:
                self.attempts[at] = self._judge(at, as_handed_out=True)
            elif cell_role.is_given:
                self._run_here(at)

    def go_back_and_judge(self, rounds: Iterable[Collection[int]], places: Mapping[int, int]) -> None:
        """Judge checks round by round, each in its place, as far as the student process can be brought back there."""
        self.student.begin(max(self.end, time.monotonic() + 1), self.end)
        if not self.student.can_go_back():
            return
        for checks, (at, place) in itertools.product(rounds, places.items()):
            cell = self.cells[at]
            if at not in checks and not role(cell).is_given:
                continue
            self._begin(cell)
            try:
                self.student.go_back(place)
            except Trouble:
                return
            if at in checks:
                self.attempts[at] = self._judge(at)
            else:
                self._run_here(at)
            if self.student.has_lost_moments:
                return

    def run(
        self,
        checks: Collection[int],
        skipped: Mapping[int, str] = MappingProxyType({}),
        again: Collection[int] = (),
    ) -> None:
        """Run the cells but for those that are `skipped`, and judge these `checks`, each when it is its turn.

        Those that are run `again` have judged before: they only leave the files that they leave.
        """
        for at, cell in enumerate(self.cells):
            self._begin(cell)
            if role(cell).is_given:
                self._take_files()
            if at in self.definitions:
                self.student.run_quietly(self.definitions[at])
            if at in again:
                self._judge(at)
            elif at in checks:
                self.attempts[at] = self._judge(at)
            elif not role(cell).is_check and at not in skipped:
                self._run(at)
            if role(cell).is_given:
                self._run_here(at)

    def _begin(self, cell: nbformat.NotebookNode) -> None:
        is_short = not (role(cell) or has_imports(cell.source))
        seconds = self.limits.play_seconds if is_short else self.limits.cell_seconds
        self.student.begin(min(time.monotonic() + seconds, self.end), self.end, role(cell).grade_id)

    def verdict(self, at: int) -> Verdict:
        """The verdict on a check of this pass, with nothing that a student may read."""
        cell, attempt = self.cells[at], self.attempts[at]
        grade_id, points = role(cell).grade_id, role(cell).points
        if attempt.has_passed:
            return Verdict(grade_id, Outcome.PASSED, points, points)
        if attempt.earned is not None:
            outcome = Outcome.PARTIAL if attempt.earned else Outcome.FAILED
            return Verdict(grade_id, outcome, attempt.earned, points, f"{attempt.earned:g} of {points:g} points")
        if attempt.unjudged:
            message = f"This could not be checked automatically: {attempt.unjudged}. Your instructor will look at it."
            return Verdict(grade_id, Outcome.UNJUDGED, 0.0, points, message)
        assert attempt.output is not None
        message = f"{attempt.output.ename}: {attempt.output.evalue}"
        return Verdict(grade_id, Outcome.FAILED, 0.0, points, message)

    def _is_over(self) -> str:
        """The sentence for cells that cannot run because the time is over; empty before that."""
        if time.monotonic() < self.end:
            return ""
        return f"This did not run: the notebook had already taken more than {self.limits.notebook_seconds:g} s in all."

    def _refused(self, at: int, sentence: str) -> list[nbformat.NotebookNode]:
        self.troubles[at] = sentence
        return [verdicts.refusal(sentence)]

    def _run(self, at: int) -> list[nbformat.NotebookNode]:
        """Run a cell of the student's; returns its outputs."""
        cell = self.cells[at]
        cell.execution_count = None
        if not cell.source.strip():
            return []
        if sentence := self._is_over():
            return self._refused(at, sentence)
        try:
            done = self.student.run_cell(cell.source)
        except Trouble as trouble:
            return self._refused(at, str(trouble))
        cell.execution_count = done.execution_count
        return self.output_budget.take(done.outputs)

    def _take_files(self) -> None:
        """Before and after a cell that runs on both sides: what one side did to a file, the other need not do again."""
        with contextlib.suppress(Trouble):
            self.student.take_files()

    def _run_here(self, at: int) -> None:
        """Run a locked cell for the names it gives to checks; one that shows what an answer does may raise."""
        cell, self._at = self.cells[at], at
        grade_id, shown = role(cell).grade_id, io.StringIO()
        try:
            with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown), self.student.checked():
                self.namespace.execute(compiled(cell.source, self.assignment, grade_id, False), cell.source)
            if self.notes_changes:
                self.namespace.note_changes()
        except (Exception, Trouble, CannotBeJudged) as error:
            self.raised[at] = f"{type(error).__name__}: {_text(error)}"

    def _earned(self, cell: nbformat.NotebookNode, value: object) -> float | None:
        """What a check gives for the value it ended in; None when it gives its points, whatever it ended in."""
        points = role(cell).points
        if not (partial_credit.is_marked(cell.source) or role(cell).grade_id in self.trial.scored_checks):
            return None  # a cell's value decides nothing unless the author made it so: see `partial_credit`
        earned = partial_credit.earned(value, points)
        return earned if earned < points else None

    def _judge(self, at: int, as_handed_out: bool = False) -> _Attempt:
        """How a check goes; one that is broken runs as well, since later ones may use what it defines."""
        cell, self._at = self.cells[at], at
        grade_id = role(cell).grade_id
        if sentence := self._is_over():
            return _Attempt(verdicts.refusal(sentence), trouble=sentence)
        source = blanked(cell.source) if as_handed_out else cell.source
        try:
            code = compiled(source, self.assignment, grade_id, as_handed_out)
            attempt = self._run_check(at, code, source, as_handed_out)
        except SyntaxError as error:
            attempt = _Attempt(unjudged=f"this check is not valid Python ({error})")
        is_broken = grade_id in self.trial.broken_checks
        return _Attempt(unjudged="this check itself is broken; it is not your fault") if is_broken else attempt

    def _run_check(self, at: int, code: types.CodeType, source: str, as_handed_out: bool) -> _Attempt:
        cell = self.cells[at]
        is_recorded = not hidden_lines(cell.source) or not as_handed_out
        printed, failure, value = io.StringIO(), None, None
        with judging(self.namespace), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                with self.student.checked(is_recorded):
                    value = self.namespace.execute(code, source)
            except BaseException as error:  # a test's own exit, and what pytest raises, are no usual exceptions
                failure = error
            if self.notes_changes:
                self.namespace.note_changes()
        met = cause(failure)
        if isinstance(met, KeyboardInterrupt | CourseError):
            raise met
        if isinstance(met, CannotBeJudged | RunsStudentsFile):
            return _Attempt(unjudged=str(met))
        if isinstance(met, WireError):
            return _Attempt(unjudged=f"it uses a value that cannot be passed to the student's code ({met})")
        if failure is None and not self.student.trouble:
            decides = not as_handed_out or not hidden_lines(cell.source)
            earned = self._earned(cell, value) if decides else None
            return _Attempt(printed=printed.getvalue(), number=partial_credit.number(value), earned=earned)
        return _Attempt(
            _failure(failure, code.co_filename, self.student),
            failure,
            self.student.trouble,
            printed.getvalue(),
            line_handed_out(failure, source, code.co_filename),
        )


def _explained(page: _Pass, marks: _Pass, assignment: str) -> list[Verdict]:
    """The verdicts, written into their cells.

    Those on failed checks have a sentence for the student, and a diagnosis: the same for all checks of one function.
    """
    known, diagnoses, asked_for = catalogue(assignment), {}, marks.names.asked_for | marks.names.defined
    explained = []
    for at in sorted(marks.checks):
        decides = marks if at in marks.attempts else page
        cell, attempt, verdict = decides.cells[at], decides.attempts[at], decides.verdict(at)
        subject = subject_of(role(cell).grade_id, cell.source, asked_for)
        function = subject.name
        if verdict.outcome is not Outcome.PASSED:
            verdict = dataclasses.replace(
                verdict, student_message=_student_message(attempt, page.attempts.get(at), subject, marks.cells)
            )
        if verdict.outcome in (Outcome.FAILED, Outcome.PARTIAL) and known and function in known.solutions:
            if function not in diagnoses:
                calls = marks.student.recording.calls(function)
                diagnoses[function] = diagnose(known, function, calls, marks.namespace.given)
            verdict = dataclasses.replace(verdict, diagnosis=diagnoses[function])
        output = verdicts.refusal(verdict.message, verdicts.NOT_JUDGED) if attempt.unjudged else attempt.output
        verdicts.write(cell, verdict, attempt.printed, output)
        verdicts.note(cell, verdict)
        explained.append(verdict)
    return explained


def _student_message(
    attempt: _Attempt, on_page: _Attempt | None, subject: Subject, cells: Iterable[nbformat.NotebookNode]
) -> str:
    """What the student may read of a check that did not pass; `on_page` is how it went as it was handed out."""
    if attempt.unjudged:
        return "This could not be checked automatically. Your instructor will look at it."
    if attempt.earned:
        return "This check gives points for each part of the answer. Some parts are right, and some are still wrong."
    if is_missing(attempt.error, subject.name):
        return missing(subject.name, cells)
    words = ""
    if on_page is not None and on_page.output is not None and on_page.is_like(attempt):
        words = quoted(on_page.error, on_page.output, on_page.line)
    return words or closed(attempt.error, attempt.trouble, subject, attempt.line > 0)


def _rounds(cells: Sequence[nbformat.NotebookNode], checks: Iterable[int], functions: frozenset[str]) -> list[set[int]]:
    """The checks in the rounds in which they judge.

    One that puts a function in place of a student's waits until all checks of that function are done: otherwise a
    student could keep what the other function answers, and answer with it. In most assignments there is one round.
    """
    left, rounds = set(checks), []
    judged = {at: _functions_of(cells[at], functions) for at in left}
    while left:
        lending = {at: defined_names(cells[at].source) & functions for at in left}
        waits = {at for at in left if any(lending[at] & judged[other] for other in left if other > at)}
        rounds.append(left - waits or left)
        left = left - rounds[-1]
    return rounds


def _functions_of(check: nbformat.NotebookNode, functions: frozenset[str]) -> frozenset[str]:
    """The functions that a check judges: the one that its grade id names, else all that it uses."""
    named = frozenset({function_of(role(check).grade_id)}) & functions
    return named or global_reads(check.source) & functions


def _names(trial: Trial, cells: Iterable[nbformat.NotebookNode]) -> AnswerNames:
    """The names of the author's answers; without a trial only those that the grade ids say, never the submission."""
    return trial.names or AnswerNames(answers(cells))


def _definitions(cells: Sequence[nbformat.NotebookNode], names: AnswerNames) -> dict[int, str]:
    """What checks give to later cells: by the check's place, the statements as they were handed out.

    Only for names that a cell of the student's uses, and that no such cell and no locked cell defines: what a check
    imports, and what the author's own answers use of it. A student finds no expected value there.
    """
    checks = {at: defined_names(blanked(cell.source)) for at, cell in enumerate(cells) if role(cell).is_check}
    others = [cell.source for at, cell in enumerate(cells) if at not in checks]
    candidates = frozenset[str]().union(*checks.values()) - names.asked_for - _given(cells)
    if candidates:
        imported = frozenset(name for at in checks for name in imported_names(blanked(cells[at].source)))
        candidates &= names.read | imported
    if not candidates:  # as in most notebooks, of which no cell of the student's has to be looked at then
        return {}
    wanted = frozenset(name for source in others for name in global_reads(source) & candidates)
    wanted = wanted.difference(*map(defined_names, others))
    given = {at: handed_out_definitions(cells[at].source, wanted) for at, found in checks.items() if found & wanted}
    return {at: source for at, source in given.items() if source}


def _cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The code cells that run; what others displayed when they were handed in is nobody's result and goes."""
    for cell in notebook.cells:
        cell.metadata.pop(verdicts.KEY, None)
        if cell.cell_type == "code" and not is_run(cell):
            cell.outputs, cell.execution_count = [], None
    return [cell for cell in notebook.cells if cell.cell_type == "code" and is_run(cell)]


def _handed_out(cells: Iterable[nbformat.NotebookNode]) -> set[int]:
    """The checks of which more than comments was handed out."""
    return {at for at, cell in enumerate(cells) if role(cell).is_check and not hides_all_its_code(cell.source)}


def _given(cells: Iterable[nbformat.NotebookNode]) -> frozenset[str]:
    """The names that locked cells define."""
    return frozenset(name for cell in cells if role(cell).is_given for name in defined_names(cell.source))


def _failure(error: BaseException | None, name: str, student: Student) -> nbformat.NotebookNode:
    """The error output of a failed check: a sentence where there is one, else where it happened."""
    if error is None or isinstance(cause(error), Trouble):
        reason = f" ({student.reason})" if student.reason else ""
        return verdicts.refusal(f"{student.trouble or cause(error)}{reason}")
    if (render := getattr(error, "_render_traceback_", None)) is not None:
        return verdicts.error(verdicts.HINT, str(error), render())
    steps = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == name]
    lines = [f"line {line} of {name[1:-1]}: {linecache.getline(name, line).strip()}" for line in steps]
    lines += [f"your {line}" for line in getattr(error, "student_lines", ())]
    kind, text = type(error).__name__, _text(error)
    return verdicts.error(kind, text, [*lines, f"{kind}: {text}"])


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except (Exception, Trouble):  # a test may say `assert ok, thing` of a thing whose text is the student's code
        return "an exception without a text"
