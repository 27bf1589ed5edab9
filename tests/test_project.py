"""The promises of the project's own files: environments that agree, locks without hosts, a CI that runs the tests."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from tests.conftest import REPOSITORY

LOCK = (REPOSITORY / "requirements.lock").read_text()
GRADING_LOCK = (REPOSITORY / "requirements-grading.lock").read_text()


class StrictLoader(yaml.SafeLoader):
    """Refuses a key that stands twice, which plain YAML would let win silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping, if each of its keys is there once."""
        keys = [self.construct_object(key) for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"a key stands twice in {keys}"
        return dict(super().construct_mapping(node, deep))


def environment() -> dict[str, Any]:
    """The conda environment."""
    return dict(yaml.load((REPOSITORY / "environment.yml").read_text(), StrictLoader))


def conda_requirements() -> list[Requirement]:
    """Every requirement of the conda environment, those that pip installs into it included."""
    dependencies = environment()["dependencies"]
    (from_pip,) = [line["pip"] for line in dependencies if isinstance(line, dict)]
    lines = [line for line in dependencies if isinstance(line, str) and line != "pip"]
    return [Requirement(line) for line in lines + from_pip]


def locked() -> dict[str, list[Version]]:
    """Every locked version; a package may have one for each range of Python versions."""
    found: dict[str, list[Version]] = {}
    for name, version in re.findall(r"^([a-z0-9_.-]+)==([^ \\;]+)", LOCK, re.MULTILINE):
        found.setdefault(name, []).append(Version(version))
    return found


def project() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text())


def test_conda_and_pip_users_get_the_same_constraints() -> None:
    """What students and instructors need stands in environment.yml, with the ranges of pyproject.toml."""
    assert set(environment()) == {"name", "channels", "dependencies"}
    conda = conda_requirements()
    tables = project()["project"]
    pip = [Requirement(line) for line in (*tables["dependencies"], *tables["optional-dependencies"]["lab"])]
    pip += [Requirement(line) for line in project()["dependency-groups"]["dev"] if line.startswith("nbval")]
    pip.append(Requirement("jupyter>=1,<2"))
    python = Requirement(f"python{project()['project']['requires-python']}")
    assert {(each.name, str(each.specifier)) for each in conda} == {
        (each.name, str(each.specifier)) for each in [*pip, python]
    }


def test_every_locked_version_satisfies_the_constraints() -> None:
    """Of the course's own dependencies and of the tools to develop it."""
    constraints = conda_requirements()
    constraints += [Requirement(line) for line in project()["dependency-groups"]["dev"]]
    for constraint in constraints:
        if constraint.name not in ("python", "jupyter"):  # the second is a name for several others
            versions = locked()[constraint.name]
            assert versions and all(version in constraint.specifier for version in versions), constraint


def pinned(lock: str) -> set[tuple[str, ...]]:
    """Every version in a lock with its hashes, whatever machine it is for."""
    return {(entry.split()[0], *re.findall(r"sha256:\w+", entry)) for entry in entries(lock)}


def entries(lock: str) -> list[str]:
    """The packages of a lock, each with its hashes."""
    return re.findall(r"^[a-z].*(?:\n .*)*", lock, re.MULTILINE)


def test_the_container_gets_the_versions_that_are_tested() -> None:
    """What is installed to grade is part of what is installed to develop, and has none of the tools for that."""
    assert pinned(GRADING_LOCK) < pinned(LOCK)
    names = {entry.partition("==")[0] for entry in entries(GRADING_LOCK)}
    assert {"nbgrader", "pyseccomp", "matplotlib", "hatchling"} < names
    assert not names & {"pytest", "mypy", "ruff", "playwright", "sphinx"}


def test_the_container_holds_nothing_of_a_course() -> None:
    """Its build sees the files that are named, and no others: neither sources nor answers."""
    first, *others = (line for line in (REPOSITORY / ".dockerignore").read_text().splitlines() if line[:1] != "#")
    assert first == "*"
    seen = {line.removeprefix("!") for line in others if line.startswith("!")}
    assert seen == {"autograder", "pyproject.toml", "README.md", "LICENSE", "requirements-grading.lock"}


def test_the_lock_is_hashed_and_names_no_host() -> None:
    """Each package has hashes, and no line holds a URL."""
    assert "://" not in LOCK
    entries = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) > 50
    assert all("--hash=sha256:" in entry for entry in entries)


def test_ci_runs_the_command_that_the_readme_names() -> None:
    """`.ci/run` and the workflow call `make test`, as the README tells a newcomer to."""
    for path in ("README.md", ".ci/run", ".github/workflows/ci.yml"):
        text = (REPOSITORY / path).read_text()
        assert "make test" in text and "make demo" in text, path
