# runs a program
import os, subprocess
for attempt in (lambda: subprocess.run(["/bin/true"], check=True), lambda: os.posix_spawn("/bin/true", ["true"], {}), lambda: os.fork() or os._exit(0)):
    try:
        attempt()
        print("harm: started a process")
    except OSError:
        pass
def double(x):
    return x
