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
# %% instead
account = Account()
account.history = account.history + [5]
assert account.total() == 6

# %% style: methods of a subclass of float, list or ndarray
# %% right
class Celsius(float):
    def fahrenheit(self):
        return self * 9 / 5 + 32
def boiling():
    return Celsius(100)
# %% wrong
class Celsius(float):
    def fahrenheit(self):
        return self * 9 / 5
def boiling():
    return Celsius(100)
# %% check
assert boiling().fahrenheit() == 212
# %% instead
assert Celsius.fahrenheit(boiling()) == 212

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
# %% instead
assert plot([1, 2]).get_title() == "Loss"

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
# %% instead
assert neuron(-1) == 0 and neuron(1) == 1

# %% style: student and test draw in turn after one seed
# %% right
import numpy as np
def draw():
    return np.random.rand()
# %% wrong
import numpy as np
def draw():
    return 0.5
# %% check
import numpy as np
np.random.seed(0)
first, second = draw(), np.random.rand()
np.random.seed(0)
assert [first, second] == list(np.random.rand(2))
# %% instead
import numpy as np
np.random.seed(0)
first = draw()
np.random.seed(0)
assert first == np.random.rand()
