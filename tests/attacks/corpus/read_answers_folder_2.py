# looks for the answers of the course in every folder that it can list, and imports them
import importlib, os, sys
def double(x):
    return x
for name in ("answers", "answers.target", "answers.target.reference", "answers.lstm.reference", "answers.lstm.mistakes"):
    try:
        if "CANARY" in str(vars(importlib.import_module(name))):
            print("harm: imported the answers")
    except ImportError:
        pass
for top in (*sys.path, os.getcwd(), "../../../..", os.path.expanduser("~"), "/tmp", "/srv", "/opt"):
    for number, (folder, folders, files) in enumerate(os.walk(top)):
        for name in {"reference.py", "mistakes.py", "answers.py"} & set(files):
            try:
                if "CANARY" in open(os.path.join(folder, name)).read():
                    print("harm: found the answers in a file")
            except OSError:
                pass
        if number > 3000:
            break
