# keeps the reference that stands in for it in one check, and answers the next with it
kept = []
def double(x):
    return kept[0](x) if kept else x
# %% triple
def triple(x):
    kept.append(double)
    return double(x) + x
