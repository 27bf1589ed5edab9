# %% style: np.random.seed in the test
# %% right
import numpy as np
def init(n):
    return np.random.randn(n)
# %% wrong
import numpy as np
def init(n):
    return np.random.rand(n)
# %% check
import numpy as np
np.random.seed(0)
got = init(3)
np.random.seed(0)
np.testing.assert_array_equal(got, np.random.randn(3))

# %% style: the same seed gives the same numbers
# %% right
import numpy as np
def shuffle(items):
    items = list(items)
    np.random.shuffle(items)
    return items
# %% wrong
import os
def shuffle(items):
    return [os.urandom(4) for _ in items]
# %% check
import numpy as np
np.random.seed(7)
first = shuffle(range(10))
np.random.seed(7)
assert shuffle(range(10)) == first
assert sorted(first) == list(range(10))

# %% style: two draws after one seed differ
# %% right
import numpy as np
def draw():
    return np.random.rand()
# %% wrong
def draw():
    return 0.5
# %% check
import numpy as np
np.random.seed(1)
assert draw() != draw()

# %% style: random.seed in the test
# %% right
import random
def dice(n):
    return [random.randint(1, 6) for _ in range(n)]
# %% wrong
def dice(n):
    return [1] * n
# %% check
import random
random.seed(3)
got = dice(5)
random.seed(3)
assert got == [random.randint(1, 6) for _ in range(5)]

# %% style: np.random.default_rng as an argument
# %% right
def dropout(x, rng, p):
    return x * (rng.random(x.shape) >= p)
# %% wrong
def dropout(x, rng, p):
    return x * (rng.random(x.shape) < p)
# %% check
import numpy as np
x = np.ones((4, 3))
for mine, theirs in [(np.random.default_rng(0), np.random.default_rng(0))]:
    for _ in range(3):
        want = x * (theirs.random(x.shape) >= 0.5)
        np.testing.assert_array_equal(dropout(x, mine, 0.5), want)
    assert mine.integers(100) == theirs.integers(100)

# %% style: a generator is made by the student's function
# %% right
import numpy as np
def make(seed):
    return np.random.default_rng(seed)
# %% wrong
import numpy as np
def make(seed):
    return np.random.default_rng(0)
# %% check
import numpy as np
assert make(5).random() == np.random.default_rng(5).random()

# %% style: an average over many draws
# %% right
import numpy as np
def coin(n):
    return np.random.randint(0, 2, n)
# %% wrong
import numpy as np
def coin(n):
    return np.ones(n)
# %% check
assert 0.4 < coin(10000).mean() < 0.6

# %% style: printed text, with redirect_stdout
# %% right
def greet(name):
    print("Hello,", name)
# %% wrong
def greet(name):
    print("Hello", name)
# %% check
import contextlib, io
with contextlib.redirect_stdout(io.StringIO()) as out:
    greet("Ada")
assert out.getvalue() == "Hello, Ada\n"

# %% style: printed text, with sys.stdout replaced
# %% right
def countdown(n):
    for i in range(n, 0, -1):
        print(i, end=" ")
# %% wrong
def countdown(n):
    print(n)
# %% check
import io, sys
kept, sys.stdout = sys.stdout, io.StringIO()
try:
    countdown(3)
    text = sys.stdout.getvalue()
finally:
    sys.stdout = kept
assert text.split() == ["3", "2", "1"]

# %% style: printed text in the order of calls, and a print of the test's
# %% right
def say(x):
    print("student", x)
    return x
# %% wrong
def say(x):
    return x
# %% check
import contextlib, io
out = io.StringIO()
with contextlib.redirect_stdout(out):
    say(1)
    print("test")
    say(2)
assert out.getvalue().splitlines() == ["student 1", "test", "student 2"]

# %% style: prints that nobody asks for
# %% right
def chatty(x):
    import sys
    print("debug", x)
    print("more", file=sys.stderr)
    return x
# %% wrong
def chatty(x):
    print("debug", x)
# %% check
print("checking")
assert chatty(4) == 4
