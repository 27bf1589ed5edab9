__all__ = ['expect', 'LEVEL']
LEVEL = 2


def expect(got, wanted, message='wrong'):
    if got != wanted:
        raise AssertionError(message)


def _private():
    pass
