from . import data


def same(one, two):
    return one == two and data.LIMIT == 3
