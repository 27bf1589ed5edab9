"""The page on which answers are marked, served by this machine to itself: no other machine, site or user can ask it.

It listens on the loopback address only and asks every request for a secret: the address that is printed holds it, and
from then on a cookie that no script can read and no other site's page sends. A request that names another host comes
from a site whose name was made to lead here; one that changes something must come from our own page.

All is done in one thread, one request after the other: marks are saved in the order in which they were given.
"""

from __future__ import annotations

import asyncio
import errno
import hmac
import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import resources
from typing import Any

import msgspec
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from autograder.gradebook.by_hand import Change, Marked, give
from autograder.marking.answers import TEMPLATES, Content, MarkingRun
from autograder.models import CourseError
from autograder.report.rendering import render, style
from autograder.text import plain

HOST = "127.0.0.1"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_MOST_BYTES = 1_000_000


class Marking:
    """A class that is being marked: what the gradebook holds and what students wrote, in the words of the page."""

    def __init__(self, run: MarkingRun) -> None:
        self.run = run
        self._held: dict[str, Marked] = {}
        self._contents: dict[tuple[str, str], Content] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read the gradebook again, and the notebooks of those who were graded since it was last read."""
        held = {each.key: each for each in self.run.marks()}
        known = {(each.student, each.submission) for each in self._held.values()}
        new = {each.student for each in held.values() if (each.student, each.submission) not in known}
        self._contents |= self.run.contents(new)
        self._held = held

    @property
    def waiting(self) -> int:
        """The number of answers that are still to be marked."""
        return sum(each.mark.waits for each in self._held.values())

    @property
    def count(self) -> int:
        """The number of all answers."""
        return len(self._held)

    def listed(self) -> list[dict[str, Any]]:
        """Every answer as the page knows it, in an order that tells nothing: that of nbgrader's random ids."""
        return [self._answer(each) for each in self._held.values()]

    def names(self) -> dict[str, str]:
        """Whose each answer is."""
        return {
            key: plain(f"{each.name} ({each.student})" if each.name else each.student)
            for key, each in self._held.items()
        }

    def shown(self, key: str) -> str:
        """An answer as HTML; raises KeyError when there is none of this key."""
        return self.run.shown(self._held[key].student, self._held[key].cell)

    def change(self, changes: list[Change]) -> dict[str, Any]:
        """Save what a person wants, and say what is saved now; the arguments and errors are those of `give`."""
        given = give(self.run.config, self.run.assignment, changes)
        if any(self._held[each.key].submission != each.submission for each in given.marked if each.key in self._held):
            self.refresh()
        self._held |= {each.key: each for each in given.marked}
        return {"answers": [self._answer(each) for each in given.marked], "refused": sorted(given.refused)}

    def _answer(self, marked: Marked) -> dict[str, Any]:
        content, mark = self._contents.get((marked.student, marked.cell)), marked.mark
        return {
            "key": marked.key,
            "version": marked.version,
            "question": marked.cell,
            "most": mark.max_points,
            "points": mark.auto if mark.by_hand is None else mark.by_hand,
            "byHand": mark.by_hand,
            "waits": mark.waits,
            "comment": marked.comment,
            "note": marked.note,
            "content": content.digest if content else "",
            "isBlank": bool(content and content.is_blank),
        }


class _Keys:
    """Who may ask: anyone with the token of the printed address, or with the cookie that it is exchanged for."""

    def __init__(self, port: int) -> None:
        self.hosts = {f"{name}:{port}" for name in (HOST, "localhost")}
        self.cookie = f"autograder-{port}"  # a browser sends the cookies of all ports to each
        self.token = secrets.token_urlsafe(32)
        self._once = {secrets.token_urlsafe(32)}
        self._port = port

    @property
    def address(self) -> str:
        """The address for the person who started the server."""
        return f"http://{HOST}:{self._port}/?token={self.token}"

    @property
    def address_for_once(self) -> str:
        """The same for a program that opens it: others can see what it is called with, so it can be used once."""
        return f"http://{HOST}:{self._port}/?token={next(iter(self._once))}"

    def admits(self, token: str) -> bool:
        """Whether this is a token that still counts."""
        if token in self._once:
            self._once.discard(token)
            return True
        return self.is_ours(token)

    def is_ours(self, secret: str) -> bool:
        """Whether this is the secret itself, which the cookie holds."""
        return hmac.compare_digest(secret.encode(), self.token.encode())


class _Handler(RequestHandler):
    """Answers a request that comes from the page, and refuses any other."""

    def initialize(self, marking: Marking, keys: _Keys) -> None:
        """What all requests share."""
        self.marking, self.keys = marking, keys

    def set_default_headers(self) -> None:
        """Nothing of a student's may run, and nobody else may show or read this."""
        for name, value in _HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Refuse a request that does not come from the page."""
        if self.request.host not in self.keys.hosts:
            raise HTTPError(403, "This address is not served here.")
        if not self._is_known():
            raise HTTPError(403, "Open the address that `autograder read` printed.")
        if self.request.method not in ("GET", "HEAD") and not self._is_from_our_page():
            raise HTTPError(403, "Only the page itself can change marks.")

    def _is_known(self) -> bool:
        return self.keys.is_ours(self.get_cookie(self.keys.cookie, "") or "")

    def _is_from_our_page(self) -> bool:
        headers = self.request.headers
        is_json = headers.get("Content-Type", "").partition(";")[0] == "application/json"
        return is_json and headers.get("Origin") == f"http://{self.request.host}"

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """One sentence, for a person."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        said = (error.log_message or "").replace("%%", "%") if isinstance(error, HTTPError) else ""  # as tornado has it
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(said or f"{self._reason}.")

    def answer(self, content: object) -> None:
        """Send `content` as JSON."""
        self.set_header("Content-Type", "application/json")
        self.finish(msgspec.json.encode(content))

    def log_exception(self, *error: Any) -> None:
        """What a person can correct was said to the page."""
        if not isinstance(error[1], HTTPError):
            super().log_exception(*error)


class _Page(_Handler):
    def _is_known(self) -> bool:
        if token := self.get_query_argument("token", ""):
            if not self.keys.admits(token):
                return False
            self.set_cookie(self.keys.cookie, self.keys.token, httponly=True, samesite="Strict")
            return True
        return super()._is_known()

    def get(self) -> None:
        run = self.marking.run
        self.finish(render("page.html", TEMPLATES, assignment=run.assignment, title=run.title, questions=run.questions))


class _File(_Handler):
    """The script and the styles of the page, which hold no marks."""

    def get(self, name: str) -> None:
        text = resources.files("autograder.marking").joinpath("templates", name).read_text(encoding="utf-8")
        is_style = name.endswith(".css")
        self.set_header("Content-Type", "text/css" if is_style else "text/javascript")
        self.finish(style() + text if is_style else text)


class _Answers(_Handler):
    def get(self) -> None:
        with _reported():
            self.marking.refresh()
        self.answer(self.marking.listed())


class _Answer(_Handler):
    def get(self, key: str) -> None:
        try:
            self.answer(self.marking.shown(key))
        except KeyError:
            raise HTTPError(404, "There is no such answer any more.") from None


class _Names(_Handler):
    def get(self) -> None:
        self.answer(self.marking.names())


class _Marks(_Handler):
    def post(self) -> None:
        try:
            changes = msgspec.json.decode(self.request.body, type=list[Change])
            with _reported():
                self.answer(self.marking.change(changes))
        except (msgspec.MsgspecError, ValueError) as error:
            raise HTTPError(400, str(error)) from None


@contextmanager
def _reported() -> Iterator[None]:
    """A CourseError in the body becomes an answer that the page shows; it then asks again."""
    try:
        yield
    except CourseError as error:
        raise HTTPError(503, str(error)) from None


class _Missing(_Handler):
    def prepare(self) -> None:
        super().prepare()
        raise HTTPError(404, "There is nothing at this address.")


def serve(run: MarkingRun, port: int, started: Callable[[Marking, str, str], object]) -> Marking:
    """Serve the page until somebody presses Ctrl-C; returns what there is to mark then.

    Args:
        run: the class.
        port: where to listen, on this machine only.
        started: is called with the class, the address for a person, and the address for a program that opens it.

    Raises:
        CourseError: the port cannot be used, or the gradebook cannot be read.
    """
    marking, keys = Marking(run), _Keys(port)
    shared: dict[str, Any] = {"marking": marking, "keys": keys}
    rules = [
        (r"/", _Page, shared),
        (r"/(marking\.css|marking\.js)", _File, shared),
        (r"/answers", _Answers, shared),
        (r"/answers/([0-9a-f]{1,64})", _Answer, shared),
        (r"/names", _Names, shared),
        (r"/marks", _Marks, shared),
    ]
    application = Application(
        rules, default_handler_class=_Missing, default_handler_args=shared, log_function=lambda handler: None
    )
    try:
        sockets = bind_sockets(port, HOST)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            advice = "Stop the other program (another `autograder read`?), or choose another port with --port."
            raise CourseError("another program is using this port.", f"{HOST}:{port}", advice) from None
        advice = "Choose another port with --port."
        raise CourseError(f"cannot be used ({error.strerror}).", f"{HOST}:{port}", advice) from None
    asyncio.run(_until_stopped(application, sockets, partial(started, marking, keys.address, keys.address_for_once)))
    marking.refresh()
    return marking


async def _until_stopped(application: Application, sockets: list[socket.socket], started: Callable[[], object]) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    server = HTTPServer(application, max_body_size=_MOST_BYTES)
    server.add_sockets(sockets)
    started()
    await stopped.wait()
    server.stop()
