# replaces the compiled code of a library
import os, json
path = json.__cached__
for attempt in (lambda: open(path, "r+b"), lambda: open(json.__file__, "a"), lambda: os.chmod(os.path.dirname(path), 0o777)):
    try:
        attempt()
        print("harm: could change a library")
    except (OSError, TypeError):
        pass
def double(x):
    return x
