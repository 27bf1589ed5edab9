"""An interrupt that Python dropped is heard all the same."""

from __future__ import annotations

import os
import signal

import pytest

from autograder.cli import kept_interrupts


class Finalised:
    """Something whose end is interrupted."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_while_something_is_finalised_is_not_lost() -> None:
    """Python prints it and goes on; the next look finds it."""
    before = signal.getsignal(signal.SIGINT)
    with kept_interrupts() as raise_again:
        raise_again()
        Finalised()
        with pytest.raises(KeyboardInterrupt):
            raise_again()
    assert signal.getsignal(signal.SIGINT) == before


def test_an_interrupt_is_raised_at_once_where_it_can_be() -> None:
    """As without us."""
    with pytest.raises(KeyboardInterrupt), kept_interrupts():
        os.kill(os.getpid(), signal.SIGINT)
