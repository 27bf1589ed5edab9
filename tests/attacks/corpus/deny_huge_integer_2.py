# returns an integer of twenty thousand digits
def double(x):
    return 10**20_000
