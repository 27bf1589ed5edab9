# %% style: float32, integers, bools and 0-d arrays
# %% right
import numpy as np
def kinds():
    return np.float32(0.5), np.int64(3), np.bool_(True), np.array(2.5), 7, True
# %% wrong
import numpy as np
def kinds():
    return 0.5, 3, True, 2.5, 7.0, 1
# %% check
import numpy as np
a, b, c, d, e, f = kinds()
assert type(a) is np.float32 and isinstance(b, np.integer) and c == True and d.shape == ()
assert isinstance(e, int) and f is True

# %% style: structured, complex, string and datetime arrays
# %% right
import numpy as np
def table():
    return np.array([("a", 1, 2.0)], dtype=[("name", "U5"), ("n", "i4"), ("x", "f8")])
def others():
    return np.array([1 + 2j]), np.array(["x", "yy"]), np.array(["2024-01-02"], "datetime64[D]")
# %% wrong
import numpy as np
def table():
    return np.array([("a", 2, 2.0)], dtype=[("name", "U5"), ("n", "i4"), ("x", "f8")])
def others():
    return np.array([1 + 2j]), np.array(["x", "yy"]), np.array(["2024-01-02"], "datetime64[D]")
# %% check
import numpy as np
t = table()
assert t["n"][0] == 1 and t.dtype.names == ("name", "n", "x") and t[0]["name"] == "a"
z, s, d = others()
assert z[0].imag == 2 and s.tolist() == ["x", "yy"] and d[0] == np.datetime64("2024-01-02")

# %% style: object arrays and ragged lists
# %% right
import numpy as np
def ragged():
    a = np.empty(2, object)
    a[0], a[1] = [1], [2, 3]
    return a
# %% wrong
import numpy as np
def ragged():
    a = np.empty(2, object)
    a[0], a[1] = [1], [2]
    return a
# %% check
a = ragged()
assert a.shape == (2,) and a.dtype == object and len(a[1]) == 2 and a[1][1] == 3

# %% style: empty arrays and arrays of many dimensions
# %% right
import numpy as np
def empty():
    return np.zeros((0, 3)), np.ones((1, 2, 1, 2))
# %% wrong
import numpy as np
def empty():
    return np.zeros((3, 0)), np.ones((1, 2, 1, 2))
# %% check
a, b = empty()
assert a.shape == (0, 3) and a.size == 0 and b.sum() == 4

# %% style: sparse matrices, given and returned
# %% right
import scipy.sparse
def scaled(m, k):
    assert scipy.sparse.issparse(m)
    return (m * k).tocsr()
# %% wrong
def scaled(m, k):
    return m
# %% check
import numpy as np, scipy.sparse
m = scipy.sparse.csr_matrix(np.eye(3))
got = scaled(m, 2)
assert scipy.sparse.issparse(got) and got.nnz == 3 and got.format == "csr"
np.testing.assert_array_equal(got.toarray(), 2 * np.eye(3))
np.testing.assert_array_equal(got @ np.ones(3), [2, 2, 2])

# %% style: strings, bytes, None and big integers
# %% right
def things(n):
    return "häßlich \U0001f600", b"\x00\xff", None, 2**n, -(10**30)
# %% wrong
def things(n):
    return "haesslich", b"\x00\xff", None, 2.0**n, -(10**30)
# %% check
text, raw, nothing, big, low = things(100)
assert text.startswith("hä") and raw[1] == 255 and nothing is None
assert big == 2**100 and big.bit_length() == 101 and low == -(10**30)

# %% style: Decimal and Fraction
# %% right
from decimal import Decimal
from fractions import Fraction
def exact(text):
    return Decimal(text) + Decimal("0.1"), Fraction(text)
# %% wrong
from decimal import Decimal
from fractions import Fraction
def exact(text):
    return float(text) + 0.1, Fraction(text)
# %% check
from decimal import Decimal
from fractions import Fraction
d, f = exact("0.2")
assert d == Decimal("0.3") and isinstance(d, Decimal) and f == Fraction(1, 5) and f.denominator == 5

# %% style: dates and times
# %% right
import datetime
def later(day, days):
    return day + datetime.timedelta(days=days)
# %% wrong
import datetime
def later(day, days):
    return day
# %% check
import datetime
assert later(datetime.date(2024, 2, 28), 2) == datetime.date(2024, 3, 1)
assert later(datetime.datetime(2024, 1, 1, 12), 1).weekday() == 1
assert later(datetime.timedelta(1), 1).days == 2

# %% style: nan and infinity
# %% right
import math
def special():
    return float("nan"), math.inf, -0.0
# %% wrong
import math
def special():
    return 0.0, math.inf, 0.0
# %% check
import math
a, b, c = special()
assert a != a and math.isnan(a) and b > 1e308 and math.copysign(1, c) == -1

# %% style: sets and frozensets
# %% right
def letters(text):
    return set(text), frozenset(text)
# %% wrong
def letters(text):
    return list(text), frozenset(text)
# %% check
a, b = letters("aba")
assert a == {"a", "b"} and isinstance(b, frozenset) and {b: 1}[frozenset("ab")] == 1
assert a | {"c"} == {"a", "b", "c"} and a & {"a"} == {"a"}

# %% style: ranges, slices and Ellipsis
# %% right
def parts(n):
    return range(0, n, 2), slice(1, n), ...
# %% wrong
def parts(n):
    return list(range(0, n, 2)), slice(1, n), ...
# %% check
r, s, e = parts(6)
assert r == range(0, 6, 2) and list(range(6))[s] == [1, 2, 3, 4, 5] and e is Ellipsis

# %% style: standard containers
# %% right
import collections
def count(words):
    c = collections.Counter(words)
    groups = collections.defaultdict(list)
    for word in words:
        groups[len(word)].append(word)
    return c, groups, collections.deque(words, maxlen=None), collections.OrderedDict(c)
# %% wrong
import collections
def count(words):
    c = dict(collections.Counter(words))
    return c, {}, list(words), c
# %% check
c, groups, queue, ordered = count(["a", "bb", "a"])
assert c.most_common(1) == [("a", 2)] and c["zzz"] == 0
assert groups[1] == ["a", "a"] and groups[9] == []
queue.appendleft("x")
assert queue[0] == "x" and list(ordered) == ["a", "bb"]

# %% style: deep nesting and mixed keys
# %% right
def nested():
    return {"a": [{("x", 1): {"y": (1, [2, {3}])}}], 2: None, 1.5: {"b"}}
# %% wrong
def nested():
    return {"a": [{("x", 1): {"y": (1, (2, {3}))}}], 2: None, 1.5: {"b"}}
# %% check
assert nested() == {"a": [{("x", 1): {"y": (1, [2, {3}])}}], 2: None, 1.5: {"b"}}
assert nested()["a"][0][("x", 1)]["y"][1][0] == 2

# %% style: a tuple, not a list
# %% right
def pair():
    return 1, 2
# %% wrong
def pair():
    return [1, 2]
# %% check
assert pair() == (1, 2)

# %% style: shared references and cycles in a result
# %% right
def ring():
    shared = []
    a = {"left": shared, "right": shared}
    a["self"] = a
    return a
# %% wrong
def ring():
    return {"left": [], "right": [], "self": {}}
# %% check
a = ring()
assert a["self"] is a and a["left"] is a["right"]

# %% style: a match of a regular expression
# %% right
import re
def find(text):
    return re.search(r"(\d+)-(?P<name>\w+)", text)
# %% wrong
import re
def find(text):
    return re.search(r"\d+", text)
# %% check
m = find("a 12-bc")
assert m and m.group(1) == "12" and m["name"] == "bc" and m.groups() == ("12", "bc")
assert find("nothing") is None

# %% style: subclasses of list, dict, float and array
# %% right
import numpy as np
class Rows(list):
    pass
class Signal(np.ndarray):
    pass
def wrap(x):
    return Rows(x), np.asarray(x).view(Signal)
# %% wrong
import numpy as np
def wrap(x):
    return [0], np.zeros(1)
# %% check
import numpy as np
rows, signal = wrap([1, 2])
assert rows == [1, 2] and isinstance(rows, list) and isinstance(signal, np.ndarray)
np.testing.assert_array_equal(signal, [1, 2])

# %% style: data under a name, rather than a function
# %% right
data = {"x": [1, 2, 3], "y": (4.0, 5.0)}
n, title = 3, "Results"
# %% wrong
data = {"x": [1, 2], "y": (4.0, 5.0)}
n, title = 3, "results"
# %% check
assert data["x"][-1] == 3 and n == 3 and title == "Results"
