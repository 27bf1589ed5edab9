# links to the instructor's notebook, so that the grader fetches it
def change(folder):
    (folder / "data.csv").symlink_to("../../../../source/target/target.ipynb")
    (folder / "target.ipynb").write_text(
        (folder / "target.ipynb").read_text().replace("return x", "return x\\nprint(open('data.csv', 'rb').read())")
    )
