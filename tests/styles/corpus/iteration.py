# %% style: a finite generator
# %% right
def countdown(n):
    while n:
        yield n
        n -= 1
# %% wrong
def countdown(n):
    yield n
# %% check
assert list(countdown(3)) == [3, 2, 1]
assert sum(countdown(4)) == 10 and max(countdown(2)) == 2
first, *rest = countdown(3)
assert rest == [2, 1] and 2 in countdown(3)

# %% style: an infinite generator with islice
# %% right
def naturals():
    n = 0
    while True:
        yield n
        n += 1
# %% wrong
def naturals():
    while True:
        yield 0
# %% check
import itertools
assert list(itertools.islice(naturals(), 4)) == [0, 1, 2, 3]
assert list(itertools.takewhile(lambda n: n < 3, naturals())) == [0, 1, 2]
assert [a for a, b in zip(naturals(), "ab")] == [0, 1]

# %% style: next, StopIteration and a default
# %% right
def two():
    yield 1
    yield 2
# %% wrong
def two():
    while True:
        yield 1
# %% check
g = two()
assert next(g) == 1 and next(g) == 2
assert next(g, "over") == "over"
try:
    next(g)
except StopIteration:
    pass
else:
    assert False

# %% style: send, throw and close
# %% right
def averager():
    total, n, average = 0, 0, None
    while True:
        try:
            x = yield average
        except ValueError:
            total, n = 0, 0
            average = None
            continue
        total += x
        n += 1
        average = total / n
# %% wrong
def averager():
    x = None
    while True:
        x = yield x
# %% check
g = averager()
next(g)
assert g.send(10) == 10 and g.send(20) == 15
assert g.throw(ValueError("again")) is None
assert g.send(4) == 4
g.close()
try:
    g.send(1)
except StopIteration:
    pass
else:
    assert False, "it should be closed"

# %% style: the value a generator returns
# %% right
def chatty():
    yield 1
    return "done"
# %% wrong
def chatty():
    yield 1
# %% check
g = chatty()
next(g)
try:
    next(g)
except StopIteration as stop:
    assert stop.value == "done"
def outer():
    result = yield from chatty()
    assert result == "done"
assert list(outer()) == [1]

# %% style: an iterator class
# %% right
class Squares:
    def __init__(self, n):
        self.i, self.n = 0, n
    def __iter__(self):
        return self
    def __next__(self):
        if self.i == self.n:
            raise StopIteration
        self.i += 1
        return self.i**2
# %% wrong
class Squares:
    def __init__(self, n):
        self.items = list(range(n))
    def __iter__(self):
        return iter(self.items)
# %% check
assert list(Squares(3)) == [1, 4, 9]
s = Squares(2)
assert iter(s) is s and next(s) == 1

# %% style: collections.abc
# %% right
class Bag:
    def __init__(self, *items):
        self.items = items
    def __iter__(self):
        return iter(self.items)
    def __len__(self):
        return len(self.items)
# %% wrong
class Bag:
    def __init__(self, *items):
        self.items = items
# %% check
from collections.abc import Callable, Iterable, Iterator, Sized
bag = Bag(1, 2)
assert isinstance(bag, Iterable) and isinstance(bag, Sized)
assert not isinstance(bag, Iterator) and not isinstance(bag, Callable)

# %% style: enumerate, zip, chain and groupby over the student's generator
# %% right
def letters():
    yield from "aab"
# %% wrong
def letters():
    yield from "ab"
# %% check
import itertools
assert list(enumerate(letters())) == [(0, "a"), (1, "a"), (2, "b")]
assert [(k, len(list(v))) for k, v in itertools.groupby(letters())] == [("a", 2), ("b", 1)]
assert "".join(itertools.chain(letters(), letters())) == "aabaab"

# %% style: np.fromiter of a student's generator
# %% right
def halves(n):
    for i in range(n):
        yield i / 2
# %% wrong
def halves(n):
    for i in range(n):
        yield i
# %% check
import numpy as np
np.testing.assert_array_equal(np.fromiter(halves(3), float), [0, 0.5, 1])
np.testing.assert_array_equal(np.array(list(halves(2))), [0, 0.5])

# %% style: a generator over batches of arrays
# %% right
def batches(x, size):
    for i in range(0, len(x), size):
        yield x[i : i + size]
# %% wrong
def batches(x, size):
    for i in range(0, len(x) - size, size):
        yield x[i : i + size]
# %% check
import numpy as np
got = [batch.shape for batch in batches(np.zeros((5, 2)), 2)]
assert got == [(2, 2), (2, 2), (1, 2)]

# %% style: a generator is lazy
# %% right
def doubled(items):
    for item in items:
        yield 2 * item
# %% wrong
def doubled(items):
    return iter([2 * item for item in items])
# %% check
pulled = []
def source():
    for i in range(3):
        pulled.append(i)
        yield i
g = doubled(source())
assert pulled == []
assert next(g) == 0 and pulled == [0]

# %% style: a map, a filter and a dict view as results
# %% right
def words(text):
    return filter(None, map(str.strip, text.split(",")))
def keys(d):
    return d.keys()
# %% wrong
def words(text):
    return map(str.strip, text.split(","))
def keys(d):
    return d.values()
# %% check
assert list(words("a, ,b")) == ["a", "b"]
assert sorted(keys({"x": 1, "y": 2})) == ["x", "y"]

# %% style: an async generator
# %% right
async def ticks(n):
    for i in range(n):
        yield i
async def collect(n):
    return [i async for i in ticks(n)]
# %% wrong
async def collect(n):
    return []
# %% check
assert await collect(3) == [0, 1, 2]
