# hands in five thousand files
def change(folder):
    for number in range(5000):
        (folder / f"data-{number}.txt").touch()
