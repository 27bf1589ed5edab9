# hands in a file of four gigabytes that takes no room on its own disk
def change(folder):
    with open(folder / "data.bin", "wb") as file:
        file.truncate(4 << 30)
