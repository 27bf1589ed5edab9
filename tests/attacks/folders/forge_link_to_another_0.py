# hands in a link to another student's notebook instead of its own
def change(folder):
    (folder / "target.ipynb").unlink()
    (folder / "target.ipynb").symlink_to("../../bystander/target/target.ipynb")
