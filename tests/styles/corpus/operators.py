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

# %% style: in a container of the student's
# %% right
class Box:
    def __init__(self, *things):
        self.things = things
    def __contains__(self, thing):
        return thing in self.things
# %% wrong
class Box:
    def __init__(self, *things):
        self.things = things
    def __contains__(self, thing):
        return True
# %% check
assert 3 in Box(1, 3) and 4 not in Box(1, 3)

# %% style: objects of a class of the student's in sets and as keys
# %% right
class Point:
    def __init__(self, x):
        self.x = x
    def __eq__(self, other):
        return self.x == other.x
    def __hash__(self):
        return hash(self.x)
# %% wrong
class Point:
    def __init__(self, x):
        self.x = x
    def __hash__(self):
        return hash(self.x)
# %% check
assert len({Point(1), Point(1), Point(2)}) == 2
assert {Point(1): "one"}[Point(1)] == "one"
assert Point(1) in [Point(0), Point(1)] and Point(2) not in [Point(0)]

# %% style: a number of the test's on the left of an operator
# %% right
class Vector:
    def __init__(self, x):
        self.x = x
    def __mul__(self, times):
        return Vector(self.x * times)
    __rmul__ = __mul__
# %% wrong
class Vector:
    def __init__(self, x):
        self.x = x
    def __mul__(self, times):
        return Vector(self.x * times)
# %% check
assert (2 * Vector(3)).x == 6
