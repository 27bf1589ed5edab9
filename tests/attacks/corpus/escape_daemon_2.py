import os, subprocess
for attempt in (lambda: subprocess.Popen(["/bin/sh", "-c", "sleep 1000"]), lambda: os.system("sleep 1000 &"), os.setsid):
    try:
        attempt()
    except OSError:
        pass
def double(x):
    return x
