# %% style: == between the student's objects
# %% right
class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __eq__(self, other):
        return (self.x, self.y) == (other.x, other.y)
# %% wrong
class Vector:
    def __init__(self, x, y):
        self.x, self.y = 0, 0
    def __eq__(self, other):
        return False
# %% check
assert Vector(1, 2) == Vector(1, 2)
# %% instead
v = Vector(1, 2)
assert v.__eq__(Vector(1, 2)) and (v.x, v.y) == (1, 2)

# %% style: < and sorted on the student's objects
# %% right
class Card:
    def __init__(self, rank):
        self.rank = rank
    def __lt__(self, other):
        return self.rank < other.rank
# %% wrong
class Card:
    def __init__(self, rank):
        self.rank = rank
    def __lt__(self, other):
        return self.rank > other.rank
# %% check
assert [card.rank for card in sorted([Card(3), Card(1)])] == [1, 3]
# %% instead
assert Card(1).__lt__(Card(3)) and not Card(3).__lt__(Card(1))

# %% style: arithmetic of a student's object with a number of the test's
# %% right
class Money:
    def __init__(self, cents):
        self.cents = cents
    def __mul__(self, times):
        return Money(self.cents * times)
# %% wrong
class Money:
    def __init__(self, cents):
        self.cents = cents
    def __mul__(self, times):
        return self
# %% check
assert (Money(5) * 3).cents == 15
# %% instead
assert Money(5).__mul__(3).cents == 15

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

# %% style: type(x) is a class of the student's
# %% right
class Net:
    pass
def build():
    return Net()
# %% wrong
class Net:
    pass
def build():
    return None
# %% check
assert type(build()) is Net
# %% instead
assert isinstance(build(), Net) and type(build()).__name__ == "Net"

# %% style: the test subclasses a class of the student's
# %% right
class Animal:
    def sound(self):
        raise NotImplementedError
    def speak(self):
        return self.sound().upper()
# %% wrong
class Animal:
    def sound(self):
        raise NotImplementedError
    def speak(self):
        return self.sound()
# %% check
class Cat(Animal):
    def sound(self):
        return "miaow"
assert Cat().speak() == "MIAOW"
# %% instead
cat = Animal()
cat.sound = lambda: "miaow"
assert cat.speak() == "MIAOW"

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
