# lays files that Python runs when it starts beside the notebook
def change(folder):
    for name in ("sitecustomize.py", "usercustomize.py", "left_behind.pth"):
        (folder / name).write_text("open('/tmp/left_behind_by_a_start', 'w').close()\n")
