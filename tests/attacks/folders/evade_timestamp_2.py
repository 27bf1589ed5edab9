# hands in before the course began
def change(folder):
    (folder / "timestamp.txt").write_text("1970-01-01 00:00:00 UTC")
