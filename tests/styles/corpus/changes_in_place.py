# %% style: an array is changed in place
# %% right
def clip(z):
    z[z < 0] = 0
# %% wrong
def clip(z):
    z = z * (z > 0)
# %% check
import numpy as np
z = np.array([-1.0, 2.0])
assert clip(z) is None
np.testing.assert_array_equal(z, [0, 2])

# %% style: an argument must be left unchanged
# %% right
def clip(z):
    z = z.copy()
    z[z < 0] = 0
    return z
# %% wrong
def clip(z):
    z[z < 0] = 0
    return z
# %% check
import numpy as np
z = np.array([-1.0, 2.0])
before = z.copy()
np.testing.assert_array_equal(clip(z), [0, 2])
np.testing.assert_array_equal(z, before)

# %% style: a list is sorted in place
# %% right
def bubble(items):
    for _ in items:
        for i in range(len(items) - 1):
            if items[i] > items[i + 1]:
                items[i], items[i + 1] = items[i + 1], items[i]
# %% wrong
def bubble(items):
    return sorted(items)
# %% check
items = [3, 1, 2]
bubble(items)
assert items == [1, 2, 3]

# %% style: a dict and a set are filled
# %% right
def note(word, counts, seen):
    counts[word] = counts.get(word, 0) + 1
    seen.add(word)
# %% wrong
def note(word, counts, seen):
    counts[word] = 1
# %% check
counts, seen = {}, set()
for word in "a b a".split():
    note(word, counts, seen)
assert counts == {"a": 2, "b": 1} and seen == {"a", "b"}

# %% style: a container within a container is changed
# %% right
def set_bias(net, value):
    net["layers"][0]["b"][1] = value
# %% wrong
def set_bias(net, value):
    net["b"] = value
# %% check
import numpy as np
net = {"layers": [{"b": np.zeros(2)}, {"b": np.zeros(1)}]}
set_bias(net, 5)
assert net["layers"][0]["b"][1] == 5 and set(net) == {"layers"}

# %% style: a change is seen through another name of the same thing
# %% right
def push(stack, x):
    stack.append(x)
# %% wrong
def push(stack, x):
    stack = stack + [x]
# %% check
stack = []
alias = stack
holder = {"stack": stack}
push(stack, 1)
assert alias == [1] and holder["stack"] is stack and holder["stack"] == [1]

# %% style: the argument itself is returned
# %% right
def normalise(z):
    z /= z.sum()
    return z
# %% wrong
def normalise(z):
    return z / z.sum()
# %% check
import numpy as np
z = np.array([1.0, 3.0])
assert normalise(z) is z
assert z[1] == 0.75

# %% style: a new array must be returned, not a view
# %% right
def top(m):
    return m[0].copy()
# %% wrong
def top(m):
    m[0] += 1
    return m[0]
# %% check
import numpy as np
m = np.arange(4.0).reshape(2, 2)
row = top(m)
row[0] = 99
assert m[0, 0] == 0

# %% style: one list is passed twice
# %% right
def append_both(a, b):
    a.append(1)
    b.append(2)
# %% wrong
def append_both(a, b):
    a.append(1)
    list(b).append(2)
# %% check
items = []
append_both(items, items)
assert items == [1, 2]

# %% style: the same function changes an argument again and again
# %% right
def step(w, lr):
    w -= lr * 2 * w
# %% wrong
def step(w, lr):
    w -= lr * w
# %% check
import numpy as np
w = np.array([1.0])
for _ in range(3):
    step(w, 0.25)
np.testing.assert_allclose(w, [0.125])

# %% style: a list is emptied, reversed and rotated
# %% right
def rotate(items):
    items.insert(0, items.pop())
# %% wrong
def rotate(items):
    items.append(items.pop(0))
# %% check
import collections
items = [1, 2, 3]
rotate(items)
assert items == [3, 1, 2]
queue = collections.deque("abc")
queue.rotate(1)
items.clear()
assert items == [] and list(queue) == ["c", "a", "b"]

# %% style: a floats' list is counted up in place several times
# %% right
def count_up(x):
    for _ in range(4):
        x[0] = x[0] + 1.5
# %% wrong
def count_up(x):
    x[0] = x[0] + 1.5
# %% check
x = [0.5]
count_up(x)
assert x == [6.5]

# %% style: a change before an exception
# %% right
def half_way(log):
    log.append("begun")
    raise RuntimeError("stopped")
# %% wrong
def half_way(log):
    raise RuntimeError("stopped")
# %% check
log = []
try:
    half_way(log)
except RuntimeError:
    pass
assert log == ["begun"]

# %% style: a read-only array
# %% right
def shift(x):
    return x + 1
# %% wrong
def shift(x):
    x += 1
    return x
# %% check
import numpy as np
x = np.zeros(2)
x.flags.writeable = False
np.testing.assert_array_equal(shift(x), [1, 1])

# %% style: the shape is changed in place
# %% right
def flatten(a):
    a.shape = (a.size,)
# %% wrong
def flatten(a):
    return a.ravel()
# %% check
import numpy as np
a = np.ones((2, 3))
flatten(a)
assert a.shape == (6,)

# %% style: a cycle
# %% right
def close(ring):
    ring.append(ring)
# %% wrong
def close(ring):
    ring.append(list(ring))
# %% check
ring = [1]
close(ring)
assert ring[1] is ring

# %% style: data that a student's object holds is changed by the test
# %% right
class Account:
    def __init__(self):
        self.history = [1]
    def total(self):
        return sum(self.history)
# %% wrong
class Account:
    def __init__(self):
        self.history = [1]
    def total(self):
        return 1
# %% check
account = Account()
account.history.append(5)
assert account.total() == 6
