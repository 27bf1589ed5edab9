"""A student writes an answer, is told in a sentence what is wrong with it, and mends it."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from autograder.notebook import fill_in
from tests.conftest import REPOSITORY
from tests.journeys.conftest import jupyterlab

RELEASE = REPOSITORY / "release" / "backprop" / "backprop.ipynb"
FORWARD = """\
# %% forward
def forward(x, y, w_1, w_2, b):
    z_1 = w_1 * x
    a_1 = max(0, z_1)
    z_2 = w_2 * a_1 + b
    a_2 = 1 / (1 + np.exp(-z_2))
    return z_1, a_1, z_2, a_2, (y - a_2) ** 2 / 2
# %% back_to_z2
def back_to_z2(y, a_2):
    return -(y - a_2) * a_2 * (1 - a_2)
# %% back_to_z1
def back_to_z1(dloss_z2, w_2, z_1):
    return dloss_z2 * w_2 * (z_1 > 0)
# %% step
def step(x, y, w_1, w_2, b, rate):
    dloss_w1, dloss_w2, dloss_b = backward(x, y, w_1, w_2, b)
    return w_1 - rate * dloss_w1, w_2 - rate * dloss_w2, b - rate * dloss_b
# %% question-inactive
Those of the weights, since the unit is off.
"""
BACKWARD = """\
def backward(x, y, w_1, w_2, b):
    z_1, a_1, z_2, a_2, loss = forward(x, y, w_1, w_2, b)
    dloss_z2 = {sign}(y - a_2) * a_2 * (1 - a_2)
    dloss_z1 = dloss_z2 * w_2 * (z_1 > 0)
    return dloss_z1 * x, dloss_z2 * a_1, dloss_z2
"""
SECONDS = 60_000  # a kernel starts and runs a whole notebook; in milliseconds


@pytest.mark.xdist_group("browser")
def test_a_wrong_answer_is_told_in_one_sentence_and_mended(browser: Browser, tmp_path: Path) -> None:
    """Open the released notebook, fill the stub wrongly, validate, read, mend, validate."""
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    answers = tmp_path / "answers.py"
    answers.write_text(FORWARD)
    nbformat.write(fill_in(RELEASE, answers), folder / "backprop.ipynb")
    with jupyterlab(folder, home) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/lab/tree/backprop.ipynb")
        _write(page, BACKWARD.format(sign=""))
        message = _validate(page)
        expect(message).to_contain_text(
            "Not yet: dloss_w1 of backward(4, 1, 0.5, 1.5, -3) gives 0.75, but it should be -0.75."
        )
        expect(message).not_to_contain_text("Traceback")
        page.get_by_role("button", name="Ok", exact=True).click()
        _write(page, BACKWARD.format(sign="-"))
        expect(_validate(page)).to_contain_text("Success! Your notebook passes all the tests.")


def _write(page: Page, answer: str) -> None:
    """Replace what stands in the cell of `backward`."""
    editor = page.locator(".jp-CodeCell .cm-content").filter(has_text="def backward(x, y, w_1, w_2, b)").first
    editor.scroll_into_view_if_needed(timeout=SECONDS)
    editor.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(answer)


def _validate(page: Page) -> Locator:
    """Press the button, and wait for what it says."""
    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("Validation Results", timeout=SECONDS)
    return dialog
