# %% style: type and message
# %% right
def parse(text):
    raise ValueError("cannot parse " + repr(text))
# %% wrong
def parse(text):
    raise ValueError("no")
# %% check
try:
    parse("x")
    assert False
except ValueError as error:
    assert str(error) == "cannot parse 'x'"
    assert error.args[0].startswith("cannot")
    assert type(error) is ValueError

# %% style: an exception class of the student's own
# %% right
class BankError(Exception):
    pass
class Overdrawn(BankError):
    def __init__(self, missing):
        super().__init__(f"{missing} missing")
        self.missing = missing
def withdraw(balance, amount):
    if amount > balance:
        raise Overdrawn(amount - balance)
    return balance - amount
# %% wrong
class BankError(Exception):
    pass
class Overdrawn(Exception):
    missing = 5
def withdraw(balance, amount):
    raise Overdrawn("5 missing")
# %% check
for kind in (Overdrawn, BankError):
    try:
        withdraw(10, 15)
    except kind as error:
        assert error.missing == 5 and str(error) == "5 missing"
    else:
        assert False
assert withdraw(10, 4) == 6
assert issubclass(Overdrawn, BankError) and issubclass(Overdrawn, Exception)

# %% style: assertRaises with the student's own exception
# %% right
class TooBig(ValueError):
    pass
def check(n):
    if n > 3:
        raise TooBig(n)
# %% wrong
class TooBig(ValueError):
    pass
def check(n):
    if n > 3:
        raise ValueError(n)
# %% check
import unittest
with unittest.TestCase().assertRaises(TooBig) as caught:
    check(5)
assert caught.exception.args == (5,) and isinstance(caught.exception, ValueError)
check(1)

# %% style: a chained exception
# %% right
def load(text):
    try:
        return int(text)
    except ValueError as error:
        raise RuntimeError("bad number") from error
# %% wrong
def load(text):
    try:
        return int(text)
    except ValueError:
        raise RuntimeError("bad number") from None
# %% check
try:
    load("x")
except RuntimeError as error:
    assert isinstance(error.__cause__, ValueError)
    assert "x" in str(error.__cause__)
else:
    assert False

# %% style: an exception that is returned and made by the test
# %% right
class Problem(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code
def attempt(f):
    try:
        return f()
    except Exception as error:
        return error
# %% wrong
class Problem(Exception):
    code = 0
def attempt(f):
    return f()
# %% check
def fail():
    raise Problem(7)
got = attempt(fail)
assert isinstance(got, Problem) and got.code == 7
assert isinstance(attempt(lambda: 1 / 0), ZeroDivisionError)
assert Problem(3).code == 3

# %% style: several types in one except, and finally
# %% right
def risky(n):
    if n == 0:
        raise KeyError("zero")
    if n == 1:
        raise TypeError("one")
# %% wrong
def risky(n):
    raise OSError(n)
# %% check
done = []
for n in range(3):
    try:
        risky(n)
    except (KeyError, TypeError) as error:
        done.append(type(error).__name__)
    finally:
        done.append(n)
assert done == ["KeyError", 0, "TypeError", 1, 2]

# %% style: warnings.catch_warnings and warnings of the student's
# %% right
import warnings
def old():
    warnings.warn("old() is deprecated", DeprecationWarning)
    return 1
# %% wrong
def old():
    return 1
# %% check
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    assert old() == 1
assert len(caught) == 1 and caught[0].category is DeprecationWarning
assert "deprecated" in str(caught[0].message)

# %% style: assertWarns, and warnings made errors
# %% right
import numpy as np
def log(x):
    if np.any(x <= 0):
        import warnings
        warnings.warn("not positive", UserWarning)
    return np.log(np.maximum(x, 1e-9))
# %% wrong
import numpy as np
def log(x):
    return np.log(x)
# %% check
import unittest, warnings
with unittest.TestCase().assertWarns(UserWarning):
    log(np.array([0.0]))
with warnings.catch_warnings():
    warnings.simplefilter("error")
    log(np.array([1.0]))

# %% style: a warning of numpy's does not cost the mark
# %% right
import numpy as np
def ratio(a, b):
    return np.where(b == 0, 0, a / b)
# %% wrong
import numpy as np
def ratio(a, b):
    return a / b
# %% check
np.testing.assert_array_equal(ratio(np.array([1.0, 2.0]), np.array([0.0, 1.0])), [0, 2])

# %% style: np.errstate in the test
# %% right
import numpy as np
def softplus(x):
    return np.logaddexp(0, x)
# %% wrong
import numpy as np
def softplus(x):
    return np.log(1 + np.exp(x))
# %% check
import numpy as np
with np.errstate(over="raise"):
    assert softplus(np.array([1000.0]))[0] == 1000

# %% style: recursion that is too deep
# %% right
def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)
# %% wrong
def depth(n):
    return n
# %% check
assert depth(50) == 50
try:
    depth(10**6)
except RecursionError:
    pass
else:
    assert False
