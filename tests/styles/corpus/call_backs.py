# %% style: a lambda is passed
# %% right
def twice(f, x):
    return f(f(x))
# %% wrong
def twice(f, x):
    return f(x)
# %% check
assert twice(lambda x: x + 1, 5) == 7

# %% style: a bound method, a ufunc and a built-in are passed
# %% right
def apply(f, x):
    return f(x)
# %% wrong
def apply(f, x):
    return x
# %% check
import math
import numpy as np
log = []
apply(log.append, 3)
assert log == [3]
assert apply(np.sqrt, 16) == 4 and apply(math.floor, 2.5) == 2 and apply(len, "abc") == 3
assert apply("a-b".split, "-") == ["a", "b"]

# %% style: functools.partial and operator functions are passed
# %% right
def fold(f, items, start):
    for item in items:
        start = f(start, item)
    return start
# %% wrong
def fold(f, items, start):
    for item in items:
        start = f(item, start)
    return start
# %% check
import functools, operator
assert fold(operator.sub, [1, 2], 10) == 7
assert fold(functools.partial(pow, 2), [], 1) == 1
assert fold(functools.partial(operator.sub), [1], 0) == -1

# %% style: operator.itemgetter as a key
# %% right
def largest(items, key):
    return max(items, key=key)
# %% wrong
def largest(items, key):
    return min(items, key=key)
# %% check
import operator
assert largest([(1, 9), (2, 3)], operator.itemgetter(1)) == (1, 9)

# %% style: an np.vectorize'd function is passed
# %% right
def total(f, x):
    return f(x).sum()
# %% wrong
def total(f, x):
    return f(x[0])
# %% check
import numpy as np
step = np.vectorize(lambda v: 1.0 if v > 0 else 0.0)
assert total(step, np.array([-1, 2, 3])) == 2

# %% style: a built-in type is passed
# %% right
def convert(kind, items):
    return [kind(item) for item in items]
# %% wrong
def convert(kind, items):
    return items
# %% check
assert convert(int, ["1", "2"]) == [1, 2]
assert convert(float, ["1.5"]) == [1.5]
assert convert(str, [3]) == ["3"]

# %% style: numpy's own functions are passed
# %% right
def reduce_rows(f, m):
    return [f(row) for row in m]
# %% wrong
def reduce_rows(f, m):
    return [row[0] for row in m]
# %% check
import numpy as np
assert reduce_rows(np.sum, np.arange(4).reshape(2, 2)) == [1, 5]
assert reduce_rows(np.argmax, [[0, 2], [3, 1]]) == [1, 0]

# %% style: a class of the test's is passed, and made use of
# %% right
def build(kind, n):
    layers = [kind(i) for i in range(n)]
    for layer in layers:
        layer.seen = True
    return sum(layer.forward(2) for layer in layers)
# %% wrong
def build(kind, n):
    return kind(n).forward(2)
# %% check
made = []
class Layer:
    def __init__(self, k):
        self.k, self.seen = k, False
        made.append(self)
    def forward(self, x):
        return self.k * x
assert build(Layer, 3) == 6
assert len(made) == 3 and all(layer.seen for layer in made)

# %% style: an object of the test's with special methods is passed
# %% right
def mean(items):
    return sum(items[i] for i in range(len(items))) / len(items)
# %% wrong
def mean(items):
    return items[0]
# %% check
class Items:
    def __len__(self):
        return 2
    def __getitem__(self, i):
        return [3, 5][i]
assert mean(Items()) == 4

# %% style: a call-back that raises, its exception coming through
# %% right
def run(f):
    return f()
# %% wrong
def run(f):
    try:
        return f()
    except Exception:
        return None
# %% check
class Stop(Exception):
    def __init__(self, why):
        super().__init__(why)
        self.why = why
def stop():
    raise Stop("enough")
try:
    run(stop)
except Stop as error:
    assert error.why == "enough"
else:
    assert False, "the exception did not come through"

# %% style: a call-back whose built-in exception the student's function catches
# %% right
def safe(f, default):
    try:
        return f()
    except (ZeroDivisionError, KeyError):
        return default
# %% wrong
def safe(f, default):
    return f()
# %% check
assert safe(lambda: 1 / 0, 7) == 7
assert safe(lambda: {}["x"], 8) == 8
assert safe(lambda: 9, 7) == 9

# %% style: calls are counted in a call-back
# %% right
def repeat(f, n):
    for i in range(n):
        f(i)
# %% wrong
def repeat(f, n):
    f(n)
# %% check
calls = []
repeat(lambda i: calls.append(i), 3)
assert calls == [0, 1, 2]

# %% style: a unittest.mock.Mock as a call-back
# %% right
def notify(listener, value):
    listener(value, level=2)
# %% wrong
def notify(listener, value):
    listener(value)
# %% check
from unittest import mock
listener = mock.Mock(return_value=None)
notify(listener, "x")
listener.assert_called_once_with("x", level=2)

# %% style: a call-back that changes the student's list
# %% right
def visit(f):
    items = [1, 2]
    f(items)
    return items
# %% wrong
def visit(f):
    items = [1, 2]
    f(list(items))
    return items
# %% check
assert visit(lambda items: items.append(3)) == [1, 2, 3]

# %% style: a function gets functions and gives functions back
# %% right
def compose(*functions):
    def composed(x):
        for f in functions:
            x = f(x)
        return x
    return composed
# %% wrong
def compose(*functions):
    return functions[0]
# %% check
inc_then_double = compose(lambda x: x + 1, lambda x: 2 * x)
assert inc_then_double(3) == 8
assert compose(inc_then_double, inc_then_double)(1) == 10

# %% style: the student's own function is passed back
# %% right
def square(x):
    return x * x
def derivative(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)
# %% wrong
def square(x):
    return x * x
def derivative(f, x, h=1e-5):
    return f(x)
# %% check
assert abs(derivative(square, 3) - 6) < 1e-6
assert abs(derivative(lambda x: x**3, 1) - 3) < 1e-6

# %% style: a function that is given back is the very one
# %% right
def pick(name, table):
    return table[name]
# %% wrong
def pick(name, table):
    return lambda x: x
# %% check
import numpy as np
f = lambda x: x + 1
assert pick("f", {"f": f}) is f
assert pick("tanh", {"tanh": np.tanh}) is np.tanh

# %% style: a generator, a map and a file are passed
# %% right
def total(numbers):
    return sum(int(n) for n in numbers)
# %% wrong
def total(numbers):
    return int(next(iter(numbers)))
# %% check
assert total(i for i in range(4)) == 6
assert total(map(abs, [-1, 2])) == 3
assert total(iter(["1", "2"])) == 3
assert total(zip()) == 0
