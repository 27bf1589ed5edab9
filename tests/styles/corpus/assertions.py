# %% style: np.testing.assert_allclose
# %% right
def double(x):
    return 2 * x
# %% wrong
def double(x):
    return 2 * x + 1e-3
# %% check
import numpy as np
x = np.linspace(-1, 1, 5)
np.testing.assert_allclose(double(x), 2 * x, rtol=1e-9)

# %% style: np.testing.assert_array_equal, on a list for an array
# %% right
def signs(x):
    return [int(v > 0) - int(v < 0) for v in x]
# %% wrong
def signs(x):
    return [int(v > 0) for v in x]
# %% check
import numpy as np
np.testing.assert_array_equal(signs([-2, 0, 3]), np.array([-1, 0, 1]))

# %% style: np.testing.assert_equal of nested data
# %% right
def stats(x):
    return {"mean": sum(x) / len(x), "range": (min(x), max(x))}
# %% wrong
def stats(x):
    return {"mean": sum(x) / len(x), "range": [max(x), min(x)]}
# %% check
import numpy as np
np.testing.assert_equal(stats([1, 2, 3]), {"mean": 2.0, "range": (1, 3)})

# %% style: np.testing.assert_array_less
# %% right
def small(n):
    import numpy as np
    return np.full(n, 1e-9)
# %% wrong
def small(n):
    import numpy as np
    return np.ones(n)
# %% check
import numpy as np
np.testing.assert_array_less(small(3), 1e-6)

# %% style: np.testing.assert_raises as a context
# %% right
def invert(m):
    import numpy as np
    return np.linalg.inv(m)
# %% wrong
def invert(m):
    return m
# %% check
import numpy as np
with np.testing.assert_raises(np.linalg.LinAlgError):
    invert(np.zeros((2, 2)))

# %% style: np.allclose, np.isclose and np.array_equal in an assert
# %% right
def softmax(z):
    import numpy as np
    e = np.exp(z - np.max(z))
    return e / e.sum()
# %% wrong
def softmax(z):
    import numpy as np
    return np.exp(z)
# %% check
import numpy as np
a = softmax(np.array([1.0, 2.0]))
assert np.isclose(a.sum(), 1)
assert np.allclose(a, [0.26894142, 0.73105858])
assert np.array_equal(softmax(np.zeros(2)), [0.5, 0.5])

# %% style: assert with a message, chained comparison and all()
# %% right
def clip(x):
    return [min(max(v, 0), 1) for v in x]
# %% wrong
def clip(x):
    return x
# %% check
got = clip([-3, 0.5, 8])
assert all(0 <= v <= 1 for v in got), f"outside of [0, 1]: {got}"

# %% style: abs(difference) below a tolerance
# %% right
def pi():
    return 3.14159265
# %% wrong
def pi():
    return 22 / 7
# %% check
import math
assert abs(pi() - math.pi) < 1e-6

# %% style: if not ...: raise AssertionError
# %% right
def is_even(n):
    return n % 2 == 0
# %% wrong
def is_even(n):
    return n % 2
# %% check
for n in range(6):
    if is_even(n) != (n in (0, 2, 4)):
        raise AssertionError(f"is_even({n}) is wrong")

# %% style: unittest's assertAlmostEqual, assertIn and assertIsInstance
# %% right
def mean(x):
    return sum(x) / len(x)
# %% wrong
def mean(x):
    return sum(x) // len(x)
# %% check
import unittest
case = unittest.TestCase()
case.assertAlmostEqual(mean([1, 2]), 1.5)
case.assertIn(mean([2, 2]), [2])
case.assertIsInstance(mean([1]), float)

# %% style: unittest's assertRaises and assertRaisesRegex
# %% right
def root(x):
    if x < 0:
        raise ValueError(f"negative: {x}")
    return x**0.5
# %% wrong
def root(x):
    return abs(x) ** 0.5
# %% check
import unittest
case = unittest.TestCase()
case.assertRaises(ValueError, root, -1)
with case.assertRaisesRegex(ValueError, "negative: -2") as caught:
    root(-2)
assert caught.exception.args == ("negative: -2",)

# %% style: pytest.raises and pytest.approx
# %% right
def ratio(a, b):
    return a / b
# %% wrong
def ratio(a, b):
    return a / b if b else 0
# %% check
import pytest
assert ratio(1, 3) == pytest.approx(0.333333, rel=1e-4)
with pytest.raises(ZeroDivisionError, match="division"):
    ratio(1, 0)

# %% style: try, except, else
# %% right
def first(items):
    return items[0]
# %% wrong
def first(items):
    return items[0] if items else None
# %% check
try:
    first([])
except IndexError:
    pass
else:
    raise AssertionError("first([]) should raise an IndexError")

# %% style: contextlib.suppress round a call that raises
# %% right
def fail():
    raise KeyError("k")
# %% wrong
def fail():
    raise OSError("k")
# %% check
import contextlib
with contextlib.suppress(KeyError):
    fail()

# %% style: a unittest.TestCase class run in the cell
# %% right
def add(a, b):
    return a + b
# %% wrong
def add(a, b):
    return a - b
# %% check
import io, unittest
class TestAdd(unittest.TestCase):
    def test_add(self):
        self.assertEqual(add(2, 3), 5)
suite = unittest.defaultTestLoader.loadTestsFromTestCase(TestAdd)
result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
assert result.wasSuccessful()

# %% style: a helper of the test's that calls the student's function
# %% right
def square(x):
    return x * x
# %% wrong
def square(x):
    return 2 * x
# %% check
def check(x, want):
    got = square(x)
    assert got == want, (x, got)
for x, want in [(1, 1), (2, 4), (3, 9)]:
    check(x, want)

# %% style: a comprehension over inputs and a reference lambda
# %% right
def cube(x):
    return x**3
# %% wrong
def cube(x):
    return x * 3
# %% check
reference = lambda x: x * x * x
assert [cube(x) for x in range(5)] == [reference(x) for x in range(5)]
assert {x: cube(x) for x in (2, 3)} == {2: 8, 3: 27}

# %% style: a truth value, `is True` and `is None`
# %% right
def positive(x):
    return x > 0
def nothing():
    pass
# %% wrong
def positive(x):
    return 1 if x > 0 else 0
def nothing():
    return 0
# %% check
assert positive(1) is True and positive(-1) is False
assert nothing() is None

# %% style: exact types
# %% right
def average(x):
    return float(sum(x)) / len(x)
# %% wrong
def average(x):
    import numpy as np
    return np.mean(x)
# %% check
assert type(average([1, 2])) is float
assert average([1, 2]) == 1.5

# %% style: isinstance against np.ndarray, dtype and shape
# %% right
def weights(n, m):
    import numpy as np
    return np.zeros((n, m), dtype=np.float32)
# %% wrong
def weights(n, m):
    import numpy as np
    return np.zeros((m, n))
# %% check
import numpy as np
w = weights(2, 3)
assert isinstance(w, np.ndarray) and w.shape == (2, 3) and w.dtype == np.float32 and w.ndim == 2

# %% style: a name the student did not define
# %% right
answer = 42
# %% wrong
anwser = 42
# %% check
assert answer == 42

# %% style: time measured in the test
# %% right
def quick(n):
    return n * (n + 1) // 2
# %% wrong
def quick(n):
    import time
    time.sleep(0.3)
    return n * (n + 1) // 2
# %% check
import time
start = time.perf_counter()
assert quick(10) == 55
assert time.perf_counter() - start < 0.2

# %% style: np.testing.assert_raises_regex and assert_string_equal
# %% right
def name(n):
    if n > 2:
        raise KeyError(f"no layer {n}")
    return f"layer {n}"
# %% wrong
def name(n):
    return f"layer{n}"
# %% check
import numpy as np
np.testing.assert_string_equal(name(1), "layer 1")
np.testing.assert_raises_regex(KeyError, "no layer 3", name, 3)

# %% style: np.testing.assert_array_almost_equal, with nan and err_msg
# %% right
import numpy as np
def scaled(x):
    return x / np.nanmax(x)
# %% wrong
import numpy as np
def scaled(x):
    return x / np.max(x)
# %% check
import numpy as np
got = scaled(np.array([1.0, np.nan, 4.0]))
np.testing.assert_array_almost_equal(got, [0.25, np.nan, 1.0], decimal=12, err_msg="divide by the largest number")

# %% style: math.isclose, statistics and round
# %% right
def mean(x):
    return sum(x) / len(x)
# %% wrong
def mean(x):
    return sorted(x)[len(x) // 2]
# %% check
import math, statistics
x = [1.5, 2.25, 9]
assert math.isclose(mean(x), statistics.fmean(x), rel_tol=1e-12) and round(mean(x), 2) == 4.25

# %% style: several faults collected into one message
# %% right
def negate(x):
    return -x
# %% wrong
def negate(x):
    return x
# %% check
faults = [f"negate({x}) gave {got}" for x in (1, -2, 0) if (got := negate(x)) != -x]
assert not faults, "; ".join(faults)
