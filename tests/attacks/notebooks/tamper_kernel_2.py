# asks for another kernel
def change(notebook):
    notebook.metadata["kernelspec"] = {"display_name": "Mine", "language": "bash", "name": "../../left_behind"}
    notebook.metadata["language_info"] = {"name": "bash", "file_extension": ".sh"}
