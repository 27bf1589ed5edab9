"""Checks of the course; the notebooks import them."""
import random


def same(actual, expected, what="result"):
    assert type(actual) is type(expected), f"{what}: {type(actual).__name__} instead of {type(expected).__name__}"
    assert actual == expected, f"{what}: {actual!r} instead of {expected!r}"


def raises(error, function, *args):
    try:
        function(*args)
    except error:
        return True
    return False


def compare(student, reference, make, n=20, seed=1):
    rng = random.Random(seed)
    for _ in range(n):
        args = make(rng)
        same(student(*args), reference(*args), f"{student.__name__}{args}")
