# runs a program from memory
import os
try:
    descriptor = os.memfd_create("left_behind")
    os.write(descriptor, open("/usr/bin/sleep", "rb").read())
    if os.fork() == 0:
        os.execve(f"/proc/self/fd/{descriptor}", ["left_behind", "1000"], {})
    print("harm: ran a program from memory")
except OSError:
    pass
def double(x):
    return x
