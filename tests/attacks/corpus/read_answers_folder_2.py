# looks for the answers of the course in every folder that it can list, and imports them
import importlib, os, sys
def double(x):
    return x
for name in ("answers", "answers.target", "answers.target.reference", "answers.lstm.reference", "answers.lstm.mistakes"):
    try:
        if "CANARY" in str(vars(importlib.import_module(name))):
            print("harm: imported", name)
    except ImportError:
        pass
for top in (*sys.path, os.getcwd(), os.path.expanduser("~"), "/tmp", "/srv", "/opt", "/work"):
    for number, (folder, folders, files) in enumerate(os.walk(top)):
        if {"reference.py", "mistakes.py"} & set(files) or "answers.py" in files:
            print("harm: found", folder)
        if number > 3000:
            break
