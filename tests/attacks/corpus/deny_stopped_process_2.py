# stops its own process
import os, signal
def double(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    return x
