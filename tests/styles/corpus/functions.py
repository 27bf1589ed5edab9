# %% style: closures with state
# %% right
def make_counter():
    n = 0
    def count():
        nonlocal n
        n += 1
        return n
    return count
# %% wrong
def make_counter():
    return lambda: 1
# %% check
a, b = make_counter(), make_counter()
assert [a(), a(), b()] == [1, 2, 1]

# %% style: a decorator of the student's on a function of the test's
# %% right
import functools
def logged(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return f(*args, **kwargs)
    wrapper.calls = 0
    return wrapper
# %% wrong
def logged(f):
    def wrapper(*args, **kwargs):
        return f(*args, **kwargs)
    wrapper.calls = 0
    return wrapper
# %% check
@logged
def add(a, b=2):
    "Adds."
    return a + b
assert add(1) == 3 and add(1, b=5) == 6
assert add.calls == 2
assert add.__name__ == "add" and add.__doc__ == "Adds."

# %% style: a decorator with arguments
# %% right
def repeat(n):
    def decorate(f):
        return lambda *args: [f(*args) for _ in range(n)]
    return decorate
# %% wrong
def repeat(n):
    def decorate(f):
        return f
    return decorate
# %% check
@repeat(3)
def hello(name):
    return "hi " + name
assert hello("you") == ["hi you"] * 3

# %% style: keyword-only, default and star arguments
# %% right
def call(a, *rest, scale=1, **options):
    return a * scale + sum(rest) + len(options)
# %% wrong
def call(a, *rest, scale=1, **options):
    return a * scale + sum(rest)
# %% check
numbers, options = [1, 2, 3], {"x": 1, "y": 2}
assert call(*numbers, scale=2, **options) == 9
assert call(1) == 1
try:
    call()
except TypeError as error:
    assert "missing" in str(error)
else:
    assert False

# %% style: inspect.signature
# %% right
def train(x, y, *, epochs=10, lr=0.1):
    return epochs
# %% wrong
def train(x, y, epochs=20):
    return epochs
# %% check
import inspect
signature = inspect.signature(train)
assert list(signature.parameters) == ["x", "y", "epochs", "lr"]
assert signature.parameters["epochs"].default == 10
assert signature.parameters["lr"].kind is inspect.Parameter.KEYWORD_ONLY
signature.bind(1, 2, lr=3)

# %% style: docstring, name and annotations
# %% right
def relu(z: float) -> float:
    """Rectify z."""
    return max(z, 0)
# %% wrong
def relu(z):
    return max(z, 0)
# %% check
assert relu.__doc__ and "Rectify" in relu.__doc__
assert relu.__name__ == "relu"
assert relu.__annotations__["return"] is float

# %% style: callable and hasattr
# %% right
class Model:
    bias = 1
    def fit(self):
        return self
model = Model()
# %% wrong
class Model:
    fit = 3
model = Model()
# %% check
assert callable(Model) and callable(model.fit) and not callable(model)
assert hasattr(model, "bias") and not hasattr(model, "predict")
assert getattr(model, "nothing", 5) == 5

# %% style: globals() and loops over names
# %% right
def f1():
    return 1
def f2():
    return 2
def f3():
    return 3
# %% wrong
def f1():
    return 1
def f2():
    return 2
# %% check
for i in (1, 2, 3):
    assert f"f{i}" in globals(), f"f{i} is missing"
    assert globals()[f"f{i}"]() == i
assert globals().get("f4") is None
assert eval("f1")() == 1

# %% style: a student's function that has the name of a built-in
# %% right
def sum(items):
    total = 100
    for item in items:
        total += item
    return total
# %% wrong
def sum(items):
    return 3
# %% check
assert sum([1, 2]) == 103

# %% style: a module that student and test both use
# %% right
import math
def area(r):
    return math.pi * r**2
# %% wrong
import math
def area(r):
    return 2 * math.pi * r
# %% check
assert math.isclose(area(3), 9 * math.pi)

# %% style: modules that only the student imported
# %% right
import numpy as np
import matplotlib.pyplot as plt
def ones(n):
    return np.ones(n)
# %% wrong
import numpy as np
import matplotlib.pyplot as plt
def ones(n):
    return np.zeros(n)
# %% check
np.testing.assert_array_equal(ones(3), np.full(3, 1.0))
assert callable(plt.plot)

# %% style: NameError for what was not defined
# %% right
def helper():
    return 1
# %% wrong
def helpr():
    return 1
# %% check
try:
    helper
except NameError:
    raise AssertionError("define helper first")
try:
    never_defined
except NameError:
    pass

# %% style: star unpacking and swapping of results
# %% right
def split(items):
    return items[0], *items[1:-1], items[-1]
# %% wrong
def split(items):
    return items
# %% check
first, *middle, last = split([1, 2, 3, 4])
assert (first, middle, last) == (1, [2, 3], 4)
assert type(split([1, 2])) is tuple

# %% style: functions defined within functions of the test cell
# %% right
def inner_product(a, b):
    return sum(x * y for x, y in zip(a, b))
# %% wrong
def inner_product(a, b):
    return sum(a) * sum(b)
# %% check
def outer():
    def deeper(k):
        return [inner_product([k, i], [1, 1]) for i in range(3)]
    return deeper(2)
assert outer() == [2, 3, 4]

# %% style: partial application, map, filter, reduce and zip with the student's function
# %% right
def power(base, exponent=2):
    return base**exponent
# %% wrong
def power(base, exponent=2):
    return base * exponent
# %% check
import functools
cube = functools.partial(power, exponent=3)
assert list(map(power, [1, 2, 3])) == [1, 4, 9] and cube(2) == 8
assert functools.reduce(power, [2, 3, 2]) == 64
assert list(filter(power, [0, 1])) == [1]

# %% style: the student's function as a sorting key
# %% right
def by_length(word):
    return len(word), word
# %% wrong
def by_length(word):
    return word, len(word)
# %% check
words = ["bbb", "a", "cc", "aa"]
assert sorted(words, key=by_length) == ["a", "aa", "cc", "bbb"]
assert min(words, key=by_length) == "a"
words.sort(key=by_length, reverse=True)
assert words[0] == "bbb"

# %% style: functools.lru_cache and functools.wraps round the student's function
# %% right
def slow_square(x):
    "Squares."
    return x * x
# %% wrong
def slow_square(x):
    "Squares."
    return x + x
# %% check
import functools
cached = functools.lru_cache(slow_square)
@functools.wraps(slow_square)
def wrapped(x):
    return cached(x)
assert wrapped(4) == 16 and wrapped(4) == 16 and cached.cache_info().hits == 1
assert wrapped.__doc__ == "Squares." and wrapped.__name__ == "slow_square"

# %% style: attributes of a function
# %% right
def f():
    f.calls += 1
f.calls = 0
# %% wrong
def f():
    pass
f.calls = 0
# %% check
f()
f()
assert f.calls == 2
f.calls = 10
f()
assert f.calls == 11

# %% style: a compiled look into the function
# %% right
def norm(x):
    import numpy as np
    return np.linalg.norm(x)
# %% wrong
def norm(x):
    return sum(v * v for v in x) ** 0.5
# %% check
assert "linalg" in norm.__code__.co_names and norm.__code__.co_argcount == 1

# %% style: an async function, awaited in the cell
# %% right
import asyncio
async def fetch(x):
    await asyncio.sleep(0)
    return x + 1
# %% wrong
async def fetch(x):
    return x
# %% check
assert await fetch(1) == 2

# %% style: local imports and conditional definitions
# %% right
def rounded(x):
    return round(x, 1)
# %% wrong
def rounded(x):
    return round(x)
# %% check
def tolerance():
    from math import isclose
    return isclose
try:
    import a_module_that_is_not_there
except ImportError:
    def backup(x):
        return x
assert tolerance()(rounded(backup(2.34)), 2.3)

# %% style: a locked cell gives names to both sides
# %% given
import numpy as np
w = np.array([1.0, 2.0])
def loss(p, y):
    return float(((p - y) ** 2).sum())
# %% right
def predict(x):
    return w @ x
# %% wrong
def predict(x):
    return w + x
# %% check
assert predict(np.ones(2)) == 3
assert loss(predict(np.ones(2)), 2) == 1

# %% style: inspect.getsource
# %% right
def total(items):
    # adds by hand
    result = 0
    for item in items:
        result += item
    return result
# %% wrong
def total(items):
    return sum(items)
# %% check
import inspect
source = inspect.getsource(total)
assert "for" in source and "sum(" not in source
assert source.startswith("def total(items):")

# %% style: kinds of functions, by the inspect module
# %% right
def plain():
    pass
def gen():
    yield 1
async def co():
    pass
class Thing:
    def method(self):
        pass
# %% wrong
plain = 3
def gen():
    return [1]
def co():
    pass
class Thing:
    pass
# %% check
import inspect, types
assert inspect.isfunction(plain) and isinstance(plain, types.FunctionType)
assert inspect.isgeneratorfunction(gen) and inspect.isgenerator(gen()) and not inspect.isgeneratorfunction(plain)
assert inspect.iscoroutinefunction(co) and not inspect.iscoroutinefunction(gen)
assert inspect.isclass(Thing) and inspect.ismethod(Thing().method) and isinstance(Thing, type)

# %% style: the syntax tree of the student's function
# %% right
def fact(n):
    return 1 if n < 2 else n * fact(n - 1)
# %% wrong
def fact(n):
    import math
    return math.factorial(n)
# %% check
import ast, inspect
calls = [
    node.func.id
    for node in ast.walk(ast.parse(inspect.getsource(fact)))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
]
assert "fact" in calls and fact(5) == 120

# %% style: doctests in the student's docstring
# %% right
def half(x):
    """
    >>> 2 + 2
    4
    """
    return x / 2
# %% wrong
def half(x):
    """
    >>> 2 + 2
    5
    """
    return x / 2
# %% check
import doctest
examples = doctest.DocTestParser().get_doctest(half.__doc__, {}, "half", None, 0)
results = doctest.DocTestRunner(verbose=False).run(examples, out=lambda text: None)
assert results.attempted == 1 and results.failed == 0

# %% style: threads in the test
# %% right
def work(n):
    return sum(range(n))
# %% wrong
def work(n):
    return n
# %% check
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool:
    assert list(pool.map(work, range(20))) == [n * (n - 1) // 2 for n in range(20)]

# %% style: match, walrus and f-strings in the test
# %% right
def command(text):
    verb, *rest = text.split()
    return {"verb": verb, "rest": rest}
# %% wrong
def command(text):
    return {"verb": text}
# %% check
match command("go north now"):
    case {"verb": "go", "rest": [where, *_]}:
        assert where == "north", f"{where=}"
    case other:
        raise AssertionError(f"{other!r}")
assert (n := len(command("a b c")["rest"])) == 2, n

# %% style: a product of parameters, with subTest
# %% right
def power(a, b):
    return a**b
# %% wrong
def power(a, b):
    return a * b
# %% check
import itertools, unittest
case = unittest.TestCase()
for a, b in itertools.product(range(1, 4), repeat=2):
    with case.subTest(a=a, b=b):
        case.assertEqual(power(a, b), a**b)

# %% style: SystemExit in the student's function
# %% right
def stop():
    return "stopped"
# %% wrong
def stop():
    raise SystemExit(0)
# %% check
assert stop() == "stopped"

# %% style: the test's own sys.exit
# %% right
ready = True
# %% wrong
ready = False
# %% check
import sys
if not ready:
    sys.exit("not ready")
