# links to the folder of all courses
def change(folder):
    (folder / "data").symlink_to("../../../..", target_is_directory=True)
    (folder / "target.ipynb").write_text(
        (folder / "target.ipynb").read_text().replace("return x", "return x\\nimport os\\nprint(os.listdir('data'))")
    )
