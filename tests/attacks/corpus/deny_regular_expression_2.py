# matches a pattern that takes longer than the universe
import re
def double(x):
    return re.match(r"(a|aa)+$", "a" * 100 + "b")
