"""What one side has borrowed from the other."""

from __future__ import annotations

from autograder.wire import errors, messages
from autograder.wire.proxies import Owner, Proxy, remote_of, stand_in


class Borrower:
    """The proxies of one side, one for each thing of the other, so that the same thing is the same proxy."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._proxies: dict[int, Proxy] = {}

    def borrow(self, remote: messages.Remote) -> Proxy:
        """The proxy of what the other side lends."""
        if remote.ref not in self._proxies:
            self._proxies[remote.ref] = stand_in(self._owner, remote)
        return self._proxies[remote.ref]

    def home(self, thing: object) -> int | None:
        """The number under which the other side lent `thing`, or None when it is not, or no longer, borrowed."""
        proxy = thing if isinstance(thing, Proxy) else errors.there(thing)
        if proxy is None:
            return None
        number = remote_of(proxy).ref
        return number if self._proxies.get(number) is proxy else None

    def forget(self) -> None:
        """The other side took everything back, or is gone."""
        self._proxies.clear()
