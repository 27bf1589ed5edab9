from test_utils import expect


def run_all(function, cases):
    for given, wanted in cases:
        expect(function(given), wanted)
    return len(cases)
