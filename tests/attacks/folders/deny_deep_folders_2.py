# hands in folders nested two hundred deep
def change(folder):
    deep = folder.joinpath(*["deep"] * 200)
    deep.mkdir(parents=True)
    (deep / "data.txt").touch()
