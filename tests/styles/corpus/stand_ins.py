# %% style: weights are assigned by the test
# %% given
w, b = 1, 0
# %% right
def predict(x):
    return w * x + b
# %% wrong
def predict(x):
    return x
# %% check
assert predict(3) == 3
w, b = 5, 2
assert predict(3) == 17

# %% style: a reference stands in for the student's function
# %% right
def gate(x):
    return 0
def cell(x):
    return gate(x) * 10
# %% wrong
def gate(x):
    return 0
def cell(x):
    return gate(x)
# %% check
gate = lambda x: x + 1
assert cell(2) == 30

# %% style: calls are counted through a wrapper, then put back
# %% right
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
# %% wrong
def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
# %% check
calls, original = [], fib
def fib(n):
    calls.append(n)
    return original(n)
assert fib(5) == 5
assert len(calls) == 15, "fib should call itself"
fib = original
assert fib(6) == 8

# %% style: a global is replaced in try, finally
# %% given
rate = 0.5
# %% right
def step(x):
    return x - rate
# %% wrong
def step(x):
    return x - 0.5
# %% check
kept = rate
try:
    rate = 2
    assert step(3) == 1
finally:
    rate = kept
assert step(1) == 0.5

# %% style: mock.patch.object on the student's class and object
# %% right
class Service:
    def fetch(self):
        return 1
    def doubled(self):
        return 2 * self.fetch()
# %% wrong
class Service:
    def fetch(self):
        return 1
    def doubled(self):
        return 2
# %% check
from unittest import mock
service = Service()
with mock.patch.object(service, "fetch", lambda: 21):
    assert service.doubled() == 42
assert service.doubled() == 2

# %% style: a method is replaced by assignment
# %% right
class Model:
    def loss(self):
        return 5
    def report(self):
        return f"loss {self.loss()}"
# %% wrong
class Model:
    def loss(self):
        return 5
    def report(self):
        return "loss 5"
# %% check
model = Model()
model.loss = lambda: 7
assert model.report() == "loss 7"

# %% style: the student's function calls a helper that the test defines again
# %% right
def relu(z):
    return max(z, 0)
def forward(z):
    return relu(z) + 1
# %% wrong
def relu(z):
    return max(z, 0)
def forward(z):
    return max(z, 0) + 1
# %% check
def relu(z):
    return 100
assert forward(-1) == 101

# %% style: a recorded stand-in returns arrays
# %% right
import numpy as np
def noise(shape):
    return np.random.normal(size=shape)
def jitter(x):
    return x + noise(x.shape)
# %% wrong
import numpy as np
def noise(shape):
    return np.random.normal(size=shape)
def jitter(x):
    return x + noise(3)
# %% check
shapes = []
def noise(shape):
    shapes.append(shape)
    return np.ones(shape)
np.testing.assert_array_equal(jitter(np.zeros((2, 3))), np.ones((2, 3)))
assert shapes == [(2, 3)]

# %% style: a loop variable with the name of a given weight
# %% given
v = 10
# %% right
def scale(x):
    return x * v
# %% wrong
def scale(x):
    return x * 10
# %% check
for v in (1, 2):
    assert scale(3) == 3 * v

# %% style: a helper is replaced that the assignment does not ask for
# %% right
def step(x):
    return x > 0
def neuron(x):
    return int(step(x))
# %% wrong
def step(x):
    return x > 0
def neuron(x):
    return 0
# %% answers
neuron
# %% check
step = lambda x: True
assert neuron(-1) == 1
