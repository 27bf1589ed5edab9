# %% style: a class with state
# %% right
class Account:
    def __init__(self, balance=0):
        self.balance = balance
    def deposit(self, amount):
        self.balance += amount
        return self
# %% wrong
class Account:
    def __init__(self, balance=0):
        self.balance = balance
    def deposit(self, amount):
        return self
# %% check
account = Account(10)
assert account.deposit(5) is account
assert account.deposit(5).balance == 20

# %% style: attributes set by the test
# %% right
class Layer:
    def __init__(self):
        self.w = 1
    def forward(self, x):
        return self.w * x
# %% wrong
class Layer:
    def __init__(self):
        self.w = 1
    def forward(self, x):
        return x
# %% check
import numpy as np
layer = Layer()
layer.w = np.array([2.0, 3.0])
np.testing.assert_array_equal(layer.forward(2), [4, 6])
layer.w *= 10
assert layer.forward(1)[0] == 20
del layer.w
assert not hasattr(layer, "w")
setattr(layer, "w", 7)
assert layer.forward(1) == 7

# %% style: properties and their setters
# %% right
class Circle:
    def __init__(self, r):
        self.r = r
    @property
    def r(self):
        return self._r
    @r.setter
    def r(self, value):
        if value < 0:
            raise ValueError("negative radius")
        self._r = value
    @property
    def diameter(self):
        return 2 * self._r
# %% wrong
class Circle:
    def __init__(self, r):
        self.r = r
        self.diameter = 2 * r
# %% check
c = Circle(2)
c.r = 3
assert c.diameter == 6
for action in (lambda: Circle(-1), lambda: setattr(c, "r", -1)):
    try:
        action()
    except ValueError:
        pass
    else:
        assert False
try:
    c.diameter = 3
except AttributeError:
    pass
else:
    assert False, "diameter should be read-only"

# %% style: class attributes, class methods, static methods
# %% right
class Dog:
    count = 0
    def __init__(self):
        Dog.count += 1
    @classmethod
    def pair(cls):
        return [cls(), cls()]
    @staticmethod
    def sound():
        return "woof"
# %% wrong
class Dog:
    def __init__(self):
        self.count = 1
    @classmethod
    def pair(cls):
        return [cls(), cls()]
    @staticmethod
    def sound():
        return "woof"
    count = 0
# %% check
pair = Dog.pair()
assert len(pair) == 2 and Dog.count == 2 and pair[0].count == 2
Dog.count = 0
Dog()
assert Dog.count == 1 and Dog.sound() == "woof"

# %% style: inheritance, isinstance and issubclass
# %% right
class Shape:
    def area(self):
        raise NotImplementedError
class Square(Shape):
    def __init__(self, a):
        self.a = a
    def area(self):
        return self.a**2
# %% wrong
class Shape:
    pass
class Square:
    def __init__(self, a):
        self.a = a
    def area(self):
        return self.a**2
# %% check
square = Square(3)
assert isinstance(square, Shape) and isinstance(square, Square) and issubclass(Square, Shape)
assert not issubclass(Shape, Square) and not isinstance(3, Shape)
assert square.area() == 9
try:
    Shape().area()
except NotImplementedError:
    pass
else:
    assert False

# %% style: an abstract base class
# %% right
import abc
class Base(abc.ABC):
    @abc.abstractmethod
    def run(self): ...
class Good(Base):
    def run(self):
        return 1
# %% wrong
class Base:
    def run(self): ...
class Good(Base):
    def run(self):
        return 1
# %% check
assert Good().run() == 1
try:
    Base()
except TypeError:
    pass
else:
    assert False, "Base should be abstract"

# %% style: len, items, bool and in
# %% right
class Stack:
    def __init__(self, items=()):
        self._items = list(items)
    def __len__(self):
        return len(self._items)
    def __getitem__(self, i):
        return self._items[i]
    def __setitem__(self, i, value):
        self._items[i] = value
    def __delitem__(self, i):
        del self._items[i]
# %% wrong
class Stack:
    def __init__(self, items=()):
        self._items = list(items)
    def __len__(self):
        return 0
    def __getitem__(self, i):
        return self._items[i]
    def __setitem__(self, i, value):
        self._items[i] = value
    def __delitem__(self, i):
        pass
# %% check
s = Stack([1, 2, 3])
assert len(s) == 3 and s[0] == 1 and s[-1] == 3 and s[1:] == [2, 3]
s[0] = 9
del s[1]
assert list(s) == [9, 3] and 3 in s and 4 not in s
assert s and not Stack()
try:
    s[10]
except IndexError:
    pass

# %% style: str, repr and format
# %% right
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __repr__(self):
        return f"Point({self.x}, {self.y})"
    def __str__(self):
        return f"({self.x}, {self.y})"
    def __format__(self, spec):
        return f"{self.x:{spec}}|{self.y:{spec}}"
# %% wrong
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __repr__(self):
        return "Point"
# %% check
p = Point(1, 2)
assert repr(p) == "Point(1, 2)" and str(p) == "(1, 2)"
assert f"{p}" != "" and f"{p:.1f}" == "1.0|2.0" and f"{p!r}" == "Point(1, 2)"

# %% style: arithmetic between the student's objects
# %% right
class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)
    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y)
    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y
    def __neg__(self):
        return Vector(-self.x, -self.y)
    def __abs__(self):
        return (self.x**2 + self.y**2) ** 0.5
    def __iadd__(self, other):
        self.x += other.x
        self.y += other.y
        return self
# %% wrong
class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __add__(self, other):
        return self
    def __sub__(self, other):
        return self
    def __matmul__(self, other):
        return 0
# %% check
a, b = Vector(1, 2), Vector(3, 4)
c = a + b
assert (c.x, c.y) == (4, 6) and (b - a).x == 2 and a @ b == 11
assert abs(b) == 5 and (-a).y == -2
same = a
a += b
assert a is same and a.x == 4

# %% style: __call__ and __contains__ by name
# %% right
class Interval:
    def __init__(self, a, b):
        self.a, self.b = a, b
    def __contains__(self, x):
        return self.a <= x <= self.b
    def __call__(self, t):
        return self.a + t * (self.b - self.a)
# %% wrong
class Interval:
    def __init__(self, a, b):
        self.a, self.b = a, b
    def __contains__(self, x):
        return True
    def __call__(self, t):
        return t
# %% check
i = Interval(2, 4)
assert callable(i) and i(0.5) == 3
assert i.__contains__(3) and not i.__contains__(5)

# %% style: equality and order by name
# %% right
import functools
@functools.total_ordering
class Version:
    def __init__(self, *parts):
        self.parts = parts
    def __eq__(self, other):
        return self.parts == other.parts
    def __lt__(self, other):
        return self.parts < other.parts
    def __hash__(self):
        return hash(self.parts)
# %% wrong
class Version:
    def __init__(self, *parts):
        self.parts = parts
# %% check
a, b = Version(1, 2), Version(1, 3)
assert a.__eq__(Version(1, 2)) is True and a.__lt__(b) is True and a.__ge__(b) is False
assert a.__hash__() == Version(1, 2).__hash__()

# %% style: a dataclass
# %% right
from dataclasses import dataclass, field
@dataclass
class Config:
    lr: float = 0.1
    layers: list = field(default_factory=list)
# %% wrong
class Config:
    lr = 0.1
    layers = []
# %% check
config = Config(layers=[3])
assert config.lr == 0.1 and config.layers == [3]
assert Config().layers == [] and repr(Config(0.5)) == "Config(lr=0.5, layers=[])"
assert list(Config.__annotations__) == ["lr", "layers"]
assert vars(config) == {"lr": 0.1, "layers": [3]}

# %% style: a frozen dataclass
# %% right
from dataclasses import dataclass
@dataclass(frozen=True)
class Fixed:
    x: int
# %% wrong
from dataclasses import dataclass
@dataclass
class Fixed:
    x: int
# %% check
import dataclasses
try:
    Fixed(1).x = 2
except dataclasses.FrozenInstanceError:
    pass
else:
    assert False

# %% style: a namedtuple
# %% right
from collections import namedtuple
Point = namedtuple("Point", "x y")
def origin():
    return Point(0, y=1)
# %% wrong
from collections import namedtuple
Point = namedtuple("Point", "x y")
def origin():
    return (0, 1)
# %% check
p = origin()
assert p == (0, 1) and p.x == 0 and p.y == 1 and isinstance(p, tuple)
assert p._asdict() == {"x": 0, "y": 1} and p._replace(x=5).x == 5
assert isinstance(p, Point) and repr(p) == "Point(x=0, y=1)"
x, y = p

# %% style: an enumeration
# %% right
import enum
class Color(enum.Enum):
    RED = 1
    BLUE = 2
def favourite():
    return Color.BLUE
# %% wrong
import enum
class Color(enum.Enum):
    RED = 1
    BLUE = 3
def favourite():
    return Color.RED
# %% check
assert favourite() is Color.BLUE and favourite() == Color.BLUE and favourite() != Color.RED
assert Color.RED.name == "RED" and Color(2) is Color.BLUE and Color["RED"].value == 1
assert [c.name for c in Color] == ["RED", "BLUE"] and len(Color) == 2
assert isinstance(favourite(), Color)

# %% style: a singleton
# %% right
class One:
    _instance = None
    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance
# %% wrong
class One:
    pass
# %% check
assert One() is One()
first = One()
assert first is One() and first == One()

# %% style: a context manager class
# %% right
class Timer:
    def __init__(self, log):
        self.log = log
    def __enter__(self):
        self.log.append("in")
        return self
    def __exit__(self, kind, error, trace):
        self.error = kind.__name__ if kind else None
        return kind is KeyError
# %% wrong
class Timer:
    def __init__(self, log):
        self.error = None
    def __enter__(self):
        return self
    def __exit__(self, *_):
        return None
# %% check
with Timer([]) as t:
    pass
assert t.error is None
with Timer([]) as t:
    raise KeyError("swallowed")
assert t.error == "KeyError"
try:
    with Timer([]) as t:
        raise ValueError("through")
except ValueError as error:
    assert str(error) == "through"
assert t.error == "ValueError"

# %% style: a contextlib.contextmanager
# %% right
import contextlib
@contextlib.contextmanager
def doubled(box):
    box["x"] *= 2
    try:
        yield box["x"]
    finally:
        box["x"] //= 2
state = {"x": 2}
def now():
    return state["x"]
# %% wrong
import contextlib
@contextlib.contextmanager
def doubled(box):
    yield box["x"]
state = {"x": 2}
def now():
    return state["x"]
# %% check
with doubled({"x": 5}) as x:
    assert x == 10

# %% style: a linked list and a tree
# %% right
class Node:
    def __init__(self, value, next=None):
        self.value, self.next = value, next
def build(items):
    head = None
    for item in reversed(items):
        head = Node(item, head)
    return head
# %% wrong
class Node:
    def __init__(self, value, next=None):
        self.value, self.next = value, next
def build(items):
    return Node(items[0])
# %% check
node, seen = build([1, 2, 3]), []
while node is not None:
    seen.append(node.value)
    node = node.next
assert seen == [1, 2, 3]
chain = Node(1, Node(2))
assert chain.next.value == 2 and chain.next.next is None
chain.next.value = 5
assert chain.next.value == 5

# %% style: a class of the locked cell, used by both
# %% given
class Node:
    def __init__(self, value, next=None):
        self.value, self.next = value, next
# %% right
def push(head, value):
    return Node(value, head)
def length(head):
    n = 0
    while head is not None:
        head, n = head.next, n + 1
    return n
# %% wrong
def push(head, value):
    return head
def length(head):
    return 0
# %% check
head = Node(1, Node(2))
assert length(head) == 2
assert push(head, 0).value == 0

# %% style: a deep copy of the student's object
# %% right
class Box:
    def __init__(self):
        self.items = [1]
    def add(self, x):
        self.items.append(x)
# %% wrong
class Box:
    items = [1]
    def add(self, x):
        self.items.append(x)
# %% check
import copy
box = Box()
clone = copy.deepcopy(box)
clone.add(2)
assert box.items == [1] and clone.items == [1, 2]
assert Box().items == [1]

# %% style: an object as an argument of another
# %% right
class Layer:
    def __init__(self, k):
        self.k = k
    def forward(self, x):
        return self.k * x
class Net:
    def __init__(self, *layers):
        self.layers = list(layers)
    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x
# %% wrong
class Layer:
    def __init__(self, k):
        self.k = k
    def forward(self, x):
        return self.k * x
class Net:
    def __init__(self, *layers):
        self.layers = list(layers)
    def forward(self, x):
        return self.layers[0].forward(x)
# %% check
class Shift:
    def forward(self, x):
        return x + 1
layers = [Layer(2), Shift(), Layer(3)]
net = Net(*layers)
assert net.forward(1) == 9
assert net.layers[0] is layers[0] and net.layers[1] is layers[1]

# %% style: dir, type names and __mro__
# %% right
class A:
    def go(self):
        return 1
class B(A):
    pass
# %% wrong
class B:
    def run(self):
        return 1
class A:
    pass
# %% check
b = B()
assert "go" in dir(b) and type(b).__name__ == "B"
assert [kind.__name__ for kind in B.__mro__] == ["B", "A", "object"]
assert B.__bases__ == (A,)

# %% style: dataclasses.is_dataclass, on the class
# %% right
from dataclasses import dataclass
@dataclass
class Point:
    x: int = 0
# %% wrong
class Point:
    x = 0
# %% check
import dataclasses
assert dataclasses.is_dataclass(Point) and hasattr(Point(), "__dataclass_fields__")

# %% style: dunder methods as attributes of the class
# %% right
class Money:
    def __init__(self, cents):
        self.cents = cents
    def __add__(self, other):
        return Money(self.cents + other.cents)
    def __eq__(self, other):
        return self.cents == other.cents
# %% wrong
class Money:
    def __init__(self, cents):
        self.cents = cents
# %% check
assert "__add__" in Money.__dict__ and "__eq__" in vars(Money)
total = Money.__add__(Money(1), Money(2))
assert total.cents == 3 and Money.__eq__(total, Money(3))

# %% style: objects compared by what is in them
# %% right
class Vector:
    def __init__(self, *x):
        self.x = list(x)
    def __mul__(self, k):
        return Vector(*[k * v for v in self.x])
    __rmul__ = __mul__
# %% wrong
class Vector:
    def __init__(self, *x):
        self.x = list(x)
    def __mul__(self, k):
        return self
    __rmul__ = __mul__
# %% check
v = Vector(1, 2)
assert v.__mul__(3).x == [3, 6] and vars(v.__rmul__(2)) == {"x": [2, 4]}

# %% style: sorting the student's objects by an attribute
# %% right
class Card:
    def __init__(self, rank):
        self.rank = rank
def hand():
    return [Card(3), Card(1), Card(2)]
# %% wrong
class Card:
    def __init__(self, rank):
        self.rank = 1
def hand():
    return [Card(3), Card(1), Card(2)]
# %% check
import operator
cards = sorted(hand(), key=lambda card: card.rank)
assert [card.rank for card in cards] == [1, 2, 3]
assert max(cards, key=operator.attrgetter("rank")) is cards[-1]

# %% style: a matrix class with tuple keys and slices
# %% right
class Matrix:
    def __init__(self, n, m):
        self.rows = [[0] * m for _ in range(n)]
    def __getitem__(self, key):
        i, j = key
        return self.rows[i][j]
    def __setitem__(self, key, value):
        i, j = key
        self.rows[i][j] = value
# %% wrong
class Matrix:
    def __init__(self, n, m):
        self.rows = [[0] * m] * n
    def __getitem__(self, key):
        i, j = key
        return self.rows[i][j]
    def __setitem__(self, key, value):
        i, j = key
        self.rows[i][j] = value
# %% check
m = Matrix(2, 2)
m[0, 1] = 5
m[0, 1] += 1
assert m[0, 1] == 6 and m[1, 1] == 0 and m[0, :] == [0, 6]
