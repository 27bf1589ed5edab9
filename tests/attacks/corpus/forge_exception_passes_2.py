# raises SystemExit in the middle of a check
def double(x):
    raise SystemExit(0)
