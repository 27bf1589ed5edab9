"""Who may ask the server that shows and saves marks: its own page, and nobody else."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograder.cli import main
from tests.conftest import copy_course
from tests.gradebook.rows import rows
from tests.marking.conftest import ESSAY, QUESTION, STUDENTS, Server, free_port, serving

pytestmark = pytest.mark.xdist_group("marking")


@pytest.fixture(scope="module")
def course(essay_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the class."""
    return Path(shutil.copytree(essay_once, tmp_path_factory.mktemp("served") / "course"))


@pytest.fixture(scope="module")
def server(course: Path) -> Iterator[Server]:
    """One server for all tests of this file."""
    with serving(course, free_port()) as running:
        yield running


def ask(server: Server, method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of an answer to a request with exactly these headers."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    content = None if body is None else json.dumps(body)
    connection.request(method, path, content, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read().decode()


def cookie(server: Server) -> str:
    """What a browser keeps of the printed address."""
    status, headers, _ = ask(server, "GET", server.address.partition(str(server.port))[2])
    assert status == 200
    assert "HttpOnly" in headers["Set-Cookie"] and "SameSite=Strict" in headers["Set-Cookie"]
    return headers["Set-Cookie"].partition(";")[0]


def answers(server: Server) -> list[dict[str, Any]]:
    """All answers to the question in words, as the page has them."""
    found = json.loads(ask(server, "GET", "/answers", Cookie=cookie(server))[2])
    return [each for each in found if each["question"] == QUESTION]


@pytest.mark.parametrize("path", ["/", "/?token=", "/?token=guess", "/answers", "/names", "/marking.js", "/elsewhere"])
def test_without_the_token_nothing_is_served(server: Server, path: str) -> None:
    """Not even whether a page exists."""
    status, _, text = ask(server, "GET", path)
    assert (status, text) == (403, "Open the address that `autograder read` printed.")
    assert ask(server, "GET", path, Cookie=f"autograder-{server.port}=guess")[0] == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "localhost:1", "127.0.0.1.nip.io"]
)
def test_a_site_whose_name_leads_here_is_refused(server: Server, host: str) -> None:
    """Also when its visitor has the cookie."""
    status, _, text = ask(server, "GET", "/answers", Cookie=cookie(server), Host=host.format(port=server.port))
    assert (status, text) == (403, "This address is not served here.")


def test_a_request_from_another_site_changes_nothing(course: Path, server: Server) -> None:
    """A form or a script elsewhere, even with the cookie; nor does a request that names no origin."""
    before, key = rows(f"sqlite:///{course}/grading/gradebook.db"), cookie(server)
    change = [{"key": answers(server)[0]["key"], "version": answers(server)[0]["version"], "points": 4}]
    own, json_type = f"http://127.0.0.1:{server.port}", "application/json"
    for headers in (
        {"Origin": "http://evil.example", "Content_Type": json_type},
        {"Origin": "null", "Content_Type": json_type},
        {"Origin": f"http://localhost:{server.port}", "Content_Type": json_type},
        {"Origin": own, "Content_Type": "text/plain"},
        {"Origin": own, "Content_Type": "application/x-www-form-urlencoded"},
        {"Content_Type": json_type},
    ):
        assert ask(server, "POST", "/marks", change, Cookie=key, **headers)[0] == 403, headers
    assert ask(server, "POST", "/marks", change, Origin=own, Content_Type=json_type)[0] == 403, "without the cookie"
    assert ask(server, "OPTIONS", "/marks", Origin="http://evil.example", Cookie=key)[0] in (403, 405)
    assert rows(f"sqlite:///{course}/grading/gradebook.db") == before


def test_no_answer_may_be_read_by_another_site(server: Server) -> None:
    """No header lets one in, and none may frame the page or guess what a file is."""
    _, headers, _ = ask(server, "GET", "/answers", Cookie=cookie(server), Origin="http://evil.example")
    assert not [name for name in headers if name.startswith("Access-Control")]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin" and headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy


@pytest.mark.parametrize("name", ["marking.css", "marking.js"])
def test_the_page_gets_its_styles_and_its_script(server: Server, name: str) -> None:
    """Without styles it can be read, but is no page to mark 300 answers on."""
    status, headers, text = ask(server, "GET", f"/{name}", Cookie=cookie(server))
    assert status == 200 and headers["Content-Type"].startswith("text/") and len(text) > 5000


def test_it_listens_on_this_machine_only(server: Server) -> None:
    """Another address of the same machine is closed."""
    with socket.socket() as other:
        assert other.connect_ex(("127.0.0.2", server.port)) != 0


def test_the_page_holds_no_name_and_no_id_of_a_student(server: Server) -> None:
    """Until somebody asks for the names."""
    key = cookie(server)
    page = ask(server, "GET", "/", Cookie=key)[2] + ask(server, "GET", "/answers", Cookie=key)[2]
    assert not any(student in page for student in STUDENTS)
    assert sorted(set(json.loads(ask(server, "GET", "/names", Cookie=key)[2]).values())) == STUDENTS


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("nonsense", "Expected `array`"),
        ([{"key": "x"}], "required field `version`"),
        ([{"key": "KEY", "version": "VERSION", "points": 4.5}], "4.5 points are not between 0 and 4"),
        ([{"key": "KEY", "version": "VERSION", "points": -1}], "-1 points are not between 0 and 4"),
        ([{"key": "KEY", "version": "VERSION", "points": "4"}], "Expected `float | null`"),
    ],
)
def test_a_wrong_request_changes_nothing_and_is_told_why(
    course: Path, server: Server, body: object, reason: str
) -> None:
    """In one line."""
    before, first = rows(f"sqlite:///{course}/grading/gradebook.db"), answers(server)[0]
    text = json.dumps(body).replace("KEY", first["key"]).replace("VERSION", first["version"])
    own = f"http://127.0.0.1:{server.port}"
    headers = {"Cookie": cookie(server), "Origin": own, "Content_Type": "application/json"}
    status, _, said = ask(server, "POST", "/marks", json.loads(text), **headers)
    assert status == 400 and reason in said and "\n" not in said
    assert rows(f"sqlite:///{course}/grading/gradebook.db") == before


def test_a_port_that_is_in_use_is_named(course: Path, server: Server) -> None:
    """One line, and what to do."""
    done = CliRunner().invoke(main, ["--root", str(course), "read", ESSAY, "--port", str(server.port)])
    assert done.exit_code == 1 and done.stderr.count("\n") == 1
    assert f"127.0.0.1:{server.port}: another program is using this port." in done.stderr


def test_what_cannot_be_marked_is_said_in_one_line(
    essay: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown assignment, one that nobody graded, a broken gradebook, an assignment without questions."""
    monkeypatch.setattr("autograder.marking.server.serve", None)  # it is never reached

    def said(course: Path, assignment: str) -> str:
        done = CliRunner().invoke(main, ["--root", str(course), "read", assignment, "--no-browser"])
        assert done.exit_code == 1 and done.stderr.count("\n") == 1 and "Traceback" not in done.output
        return done.stderr

    assert "there is no such assignment. The course has: essay." in said(essay, "unknown")
    assert "not graded yet. Run `autograder grade backprop` first." in said(
        copy_course(tmp_path / "new", "backprop"), "backprop"
    )
    for path in (essay / "grading").glob("gradebook.db*"):
        path.write_bytes(b"no database")
    assert "gradebook.db: the gradebook cannot be used" in said(essay, ESSAY)
    source = essay / "source" / ESSAY / f"{ESSAY}.ipynb"
    source.write_text(
        source.read_text()
        .replace('"solution": true', '"solution": false')
        .replace('"grade": true', '"grade": false')
        .replace('"task": true', '"task": false')
        .replace("### BEGIN", "### ")
        .replace("### END", "### ")
    )
    assert "has no answer that is marked by hand." in said(essay, ESSAY)


def test_ctrl_c_says_how_much_is_to_be_marked(essay: Path) -> None:
    """And the gradebook is one whole file again."""
    with serving(essay, free_port()) as running:
        said = running.stop()
    assert "answers still to be marked: 179 of 180." in said
    assert said.splitlines()[-1] == "Answers still to be marked: 179. Run the command again for them."
    assert not list((essay / "grading").glob("gradebook.db-*"))
