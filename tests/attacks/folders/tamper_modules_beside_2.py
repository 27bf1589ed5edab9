# lays modules beside the notebook, of the names that the process itself imports
TRAP = "open('/tmp/left_behind_by_a_module', 'w').close()\nraise SystemExit\n"
NAMES = "ast json linecache random socket traceback IPython matplotlib_inline msgspec numpy pygments scipy traitlets zmq"
def change(folder):
    for name in NAMES.split():
        (folder / f"{name}.py").write_text(TRAP)
