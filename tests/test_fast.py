"""What replaces a function of a library gives what the library gives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import nbgrader
import numpy as np
import pytest
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.fast import all_close, is_usual_output, new_output, newest_schema, notebook_text
from autograder.gradebook.database import engine
from autograder.notebook import read
from tests.conftest import REPOSITORY


def in_a_fresh_interpreter(program: str) -> None:
    """Run a program as a command would begin; it must not fail."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_importing_the_package_changes_nothing_else() -> None:
    """No module is replaced by nothing until a command asks for it."""
    in_a_fresh_interpreter(
        "import sys; before = set(sys.modules); import autograder, autograder.fast\n"
        "assert not [name for name, module in sys.modules.items() if module is None]"
    )


def test_the_schema_of_notebooks_checks_no_formats() -> None:
    """So a notebook is as valid without the packages that check addresses and times."""
    for schema in Path(nbformat.__file__).parent.rglob("*.json"):
        assert '"format": "' not in schema.read_text(), schema


def test_jsonschema_does_without_the_grammars_of_addresses() -> None:
    """A notebook can be validated, and a broken one is still refused."""
    in_a_fresh_interpreter(
        "from autograder.fast import skip_address_grammars; skip_address_grammars()\n"
        "import nbformat\n"
        "nbformat.validate(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell('1')]))\n"
        "try: nbformat.validate(nbformat.from_dict({'nbformat': 4, 'nbformat_minor': 5, 'metadata': 1, 'cells': []}))\n"
        "except nbformat.ValidationError: pass\n"
        "else: raise SystemExit('a broken notebook was valid')"
    )


def test_web_pages_can_be_imported_after_nbgrader() -> None:
    """They are left out only as long as nobody asks for them."""
    in_a_fresh_interpreter(
        "from autograder.fast import import_nbgrader; import_nbgrader()\n"
        "import sys, nbgrader.api\n"
        "assert 'tornado.web' not in sys.modules\n"
        "from nbgrader.server_extensions.formgrader import load_jupyter_server_extension\n"
        "assert callable(load_jupyter_server_extension)"
    )


@pytest.mark.parametrize(
    "ask",
    [
        "import nbconvert; assert nbconvert.__version__ and nbconvert.exporters.HTMLExporter and nbconvert.writers",
        "from nbconvert import HTMLExporter",
        "from nbconvert.exporters import HTMLExporter",
        "from nbconvert.exporters.asciidoc import ASCIIDocExporter",
        "import nbconvert.filters.markdown_mistune, nbconvert.postprocessors.serve",
        "from nbconvert import *; HTMLExporter",
        "import requests; requests.get, requests.exceptions.ConnectionError, requests.__version__.split('.')",
        "from requests.adapters import HTTPAdapter; import requests; requests.Session",
    ],
)
def test_deferred_packages_are_whole_when_they_are_asked_for(ask: str) -> None:
    """Until then nbgrader has what it needs of them; after that, every class is there once."""
    in_a_fresh_interpreter(
        "from autograder.fast import defer_packages, import_nbgrader; defer_packages(); import_nbgrader()\n"
        "import nbgrader.preprocessors, sys\n"
        "assert 'nbconvert.filters' not in sys.modules and 'urllib3' not in sys.modules\n"
        f"{ask}\n"
        "import nbconvert.preprocessors, nbconvert.exporters.html, requests.api\n"
        "assert issubclass(nbgrader.preprocessors.ClearSolutions, nbconvert.preprocessors.Preprocessor)\n"
        "assert nbconvert.HTMLExporter is nbconvert.exporters.html.HTMLExporter\n"
        "assert requests.get is requests.api.get is nbgrader.auth.jupyterhub.requests.get"
    )


def test_packages_that_are_imported_already_are_not_deferred() -> None:
    """A program keeps the packages that it has."""
    in_a_fresh_interpreter(
        "import nbconvert, requests, sys; from autograder.fast import defer_packages; defer_packages()\n"
        "assert sys.modules['nbconvert'] is nbconvert and sys.modules['requests'] is requests\n"
        "assert nbconvert.HTMLExporter and requests.get"
    )


def test_the_newest_schema_is_what_alembic_says() -> None:
    """Nbgrader uses alembic when it upgrades a gradebook; one that we make has the same version."""
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(Path(nbgrader.__file__).parent / "alembic"))
    newest = ScriptDirectory.from_config(settings).get_current_head()
    assert newest_schema() == newest
    made = engine("sqlite://").connect().exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    assert made == newest


@pytest.mark.parametrize("name", ["feedforward", "lstm", "backprop"])
def test_a_notebook_is_written_as_nbformat_writes_it(name: str) -> None:
    """So a graded notebook that is opened and saved again is the same file."""
    notebook = read(REPOSITORY / "solutions" / name / f"{name}.ipynb")
    as_nbformat = nbformat.writes(notebook)
    assert notebook_text(notebook) == as_nbformat


def test_text_that_no_file_can_hold_is_refused() -> None:
    """Half of a surrogate pair, which JSON can smuggle in."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("'\ud800'")])
    with pytest.raises(UnicodeEncodeError):
        notebook_text(notebook)


_OUTPUTS: list[dict[str, Any]] = [
    {"output_type": "stream", "name": "stdout", "text": "a"},
    {"output_type": "error", "ename": "NotRun", "evalue": "It took too long.", "traceback": ["It took too long."]},
    {"output_type": "execute_result", "data": {"text/plain": "2"}, "metadata": {}, "execution_count": None},
]


@pytest.mark.parametrize("output", _OUTPUTS, ids=lambda output: str(output["output_type"]))
def test_an_output_is_made_as_nbformat_makes_it(output: dict[str, Any]) -> None:
    """Those that verdicts are made of."""
    kind, fields = output["output_type"], {name: each for name, each in output.items() if name != "output_type"}
    assert new_output(kind, **fields) == nbformat.v4.new_output(kind, **fields)


words = st.text("ab<é\n", max_size=4)
usual = st.one_of(
    st.fixed_dictionaries({"output_type": st.just("stream"), "name": words, "text": words}),
    st.fixed_dictionaries(
        {"output_type": st.just("error"), "ename": words, "evalue": words, "traceback": st.lists(words, max_size=2)}
    ),
    st.fixed_dictionaries(
        {
            "output_type": st.sampled_from(["display_data", "execute_result"]),
            "data": st.dictionaries(st.sampled_from(["text/plain", "image/png", "application/json"]), words),
            "metadata": st.dictionaries(words, st.integers()),
        },
        optional={"execution_count": st.one_of(st.none(), st.integers(-1, 3))},
    ),
)


@given(usual)
def test_a_usual_output_is_valid(output: dict[str, Any]) -> None:
    """The schema says so as well; what the schema refuses is never usual."""
    if is_usual_output(output):
        nbformat.validate(nbformat.from_dict(json.loads(json.dumps(output))), ref=output["output_type"], version=4)


@pytest.mark.parametrize("output", _OUTPUTS, ids=lambda output: str(output["output_type"]))
def test_what_cells_display_is_usual(output: dict[str, Any]) -> None:
    """Or everything would go the long way."""
    assert is_usual_output(output)


_NUMBERS = st.sampled_from([0.0, 1.0, 1.0 + 1e-6, 1.0 + 1e-4, 1e-9, -1.0, 1e300, np.inf, -np.inf, np.nan])
_SHAPES = st.sampled_from([(), (1,), (2,), (2, 2)])


@given(st.data(), _SHAPES)
def test_arrays_are_close_as_numpy_says(data: st.DataObject, shape: tuple[int, ...]) -> None:
    """For numbers that are equal, nearly equal, infinite or missing."""
    one, other = (data.draw(arrays.arrays(np.float64, shape, elements=_NUMBERS)) for _ in range(2))
    with np.errstate(all="ignore"):
        assert all_close(one, other) == np.allclose(one, other, equal_nan=True)
        assert not all_close(one, np.array([other]))
