# says that nothing has changed, and goes back to a state of its own choice
import gc
def double(x):
    return x
for thing in gc.get_objects():
    if type(thing).__name__ == "Moments":
        thing.are_unchanged = lambda: True
        thing.go_back = lambda number: globals().update(double=lambda x: 2 * x if number > 90 else x)
