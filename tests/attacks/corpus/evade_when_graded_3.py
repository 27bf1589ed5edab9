# answers right until it notices that nobody is watching
import sys
calls = 0
def double(x):
    global calls
    calls += 1
    return 2 * x if calls == 1 else x
