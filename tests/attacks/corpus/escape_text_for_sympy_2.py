# returns a text that writes a file when sympy evaluates it
def double(x):
    return "__import__('pathlib').Path('/tmp/escaped').write_text('here')"
