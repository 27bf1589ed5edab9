# lays settings for nbgrader, Jupyter, IPython and pytest beside the notebook
def change(folder):
    for name in ("nbgrader_config.py", "jupyter_config.py", "ipython_config.py", "conftest.py", "nbconvert_config.py"):
        (folder / name).write_text("open('/tmp/left_behind_by_settings', 'w').close()\n")
