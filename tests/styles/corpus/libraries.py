# %% style: Hypothesis in the test cell
# %% right
def relu(z):
    return max(z, 0)
# %% wrong
def relu(z):
    return abs(z)
# %% check
from hypothesis import given, settings, strategies as st
@settings(max_examples=30, database=None, deadline=None)
@given(st.floats(-1e6, 1e6))
def check(z):
    assert relu(z) == (z if z > 0 else 0)
check()

# %% style: scipy.optimize with the student's function
# %% right
def bowl(p):
    return (p[0] - 1) ** 2 + (p[1] + 2) ** 2
# %% wrong
def bowl(p):
    return (p[0] - 1) ** 2 + (p[1] - 2) ** 2
# %% check
import numpy as np, scipy.optimize
best = scipy.optimize.minimize(bowl, [0.0, 0.0])
np.testing.assert_allclose(best.x, [1, -2], atol=1e-4)

# %% style: a numerical gradient check
# %% right
import numpy as np
def loss(w):
    return float(np.sum(w**3))
def gradient(w):
    return 3 * w**2
# %% wrong
import numpy as np
def loss(w):
    return float(np.sum(w**3))
def gradient(w):
    return 2 * w**2
# %% check
import numpy as np, scipy.optimize
w = np.array([0.5, -1.5])
numeric = scipy.optimize.approx_fprime(w, loss, 1e-6)
np.testing.assert_allclose(gradient(w), numeric, rtol=1e-4)

# %% style: np.vectorize and np.apply_along_axis with the student's function
# %% right
def sign(x):
    return 1 if x > 0 else -1
def spread(row):
    return row.max() - row.min()
# %% wrong
def sign(x):
    return 1
def spread(row):
    return row.max()
# %% check
import numpy as np
assert np.vectorize(sign)(np.array([-2.0, 3.0])).tolist() == [-1, 1]
assert np.apply_along_axis(spread, 1, np.array([[1, 5], [2, 2]])).tolist() == [4, 0]

# %% style: scipy.integrate and np.frompyfunc
# %% right
def density(x):
    return 2 * x
# %% wrong
def density(x):
    return x
# %% check
import numpy as np, scipy.integrate
area, _ = scipy.integrate.quad(density, 0, 1)
assert abs(area - 1) < 1e-9
assert np.frompyfunc(density, 1, 1)(np.array([1.0, 2.0])).tolist() == [2, 4]

# %% style: matplotlib axes that the function returns
# %% right
import matplotlib.pyplot as plt
def plot(y):
    fig, ax = plt.subplots()
    ax.plot(range(len(y)), y, label="loss")
    ax.set_title("Training")
    ax.set_xlabel("epoch")
    ax.legend()
    return ax
# %% wrong
import matplotlib.pyplot as plt
def plot(y):
    fig, ax = plt.subplots()
    ax.plot(y)
    return ax
# %% check
import numpy as np
ax = plot([3.0, 2.0, 1.0])
assert ax.get_title() == "Training" and ax.get_xlabel() == "epoch"
(line,) = ax.get_lines()
np.testing.assert_array_equal(line.get_ydata(), [3, 2, 1])
assert line.get_label() == "loss" and ax.get_legend() is not None
assert [text.get_text() for text in ax.get_legend().get_texts()] == ["loss"]
assert len(ax.lines) == 1 and ax.lines[0] is line

# %% style: einsum, linalg and broadcasting against a reference
# %% right
import numpy as np
def gram(a):
    return a.T @ a
# %% wrong
import numpy as np
def gram(a):
    return a @ a.T
# %% check
import numpy as np
rng = np.random.default_rng(1)
for shape in [(3, 2), (1, 4), (5, 5)]:
    a = rng.normal(size=shape)
    np.testing.assert_allclose(gram(a), np.einsum("ki,kj->ij", a, a))

# %% style: json and re on what the function returns
# %% right
import json
def dump(d):
    return json.dumps(d, sort_keys=True)
# %% wrong
def dump(d):
    return str(d)
# %% check
import json, re
text = dump({"b": 1, "a": [2, 3]})
assert json.loads(text) == {"a": [2, 3], "b": 1} and re.match(r'\{"a"', text)

# %% style: a file written and read back by the student's function
# %% right
def save(lines):
    with open("out.txt", "w") as f:
        f.writelines(line + "\n" for line in lines)
def count_lines():
    with open("out.txt") as f:
        return sum(1 for _ in f)
# %% wrong
def save(lines):
    pass
def count_lines():
    return 0
# %% check
save(["a", "b"])
assert count_lines() == 2

# %% style: the current figure
# %% right
import matplotlib.pyplot as plt
def plot(y):
    plt.plot(y)
    plt.title("Loss")
    return plt.gca()
# %% wrong
import matplotlib.pyplot as plt
def plot(y):
    plt.plot(y)
    return plt.gca()
# %% check
import matplotlib.pyplot as plt
plot([1, 2])
assert plt.gca().get_title() == "Loss"
