# starts a process that outlives the grading
import os, subprocess
for attempt in (lambda: subprocess.Popen(["/bin/sh", "-c", ": left_behind; sleep 1000; :"], start_new_session=True), os.setsid):
    try:
        attempt()
        print("harm: started a process")
    except OSError:
        pass
def double(x):
    return x
