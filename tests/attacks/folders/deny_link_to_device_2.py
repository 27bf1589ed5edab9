# links to a device that can be read for ever
def change(folder):
    (folder / "data.csv").symlink_to("/dev/zero")
