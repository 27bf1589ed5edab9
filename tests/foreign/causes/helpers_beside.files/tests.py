import json
import os
from pathlib import Path

HERE = os.path.dirname(os.path.abspath(__file__))


def check_1(function):
    with open(os.path.join(HERE, 'cases.json')) as file:
        cases = json.load(file)
    for given, wanted in cases:
        assert function(given) == wanted, f'{given}: {function(given)}'


def check_2(names):
    assert names['double'](4) == 8
    assert 'double' in names
    assert names.get('double')(1) == 2


def cases():
    return json.loads(Path(__file__).with_name('cases.json').read_text())


class Counter:
    def __init__(self):
        self.count = 0

    def step(self):
        self.count += 1
        return self.count
