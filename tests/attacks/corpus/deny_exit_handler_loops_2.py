# never finishes ending
import atexit, sys
@atexit.register
def forever():
    while True:
        pass
def double(x):
    sys.exit()
