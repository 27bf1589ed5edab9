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
