# hands in a time that is none
def change(folder):
    (folder / "timestamp.txt").write_text("yesterday, or so\n" * 1000)
