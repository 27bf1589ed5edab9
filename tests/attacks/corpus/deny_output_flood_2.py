# prints 200 MB
for _ in range(200):
    print("x" * 10**6)
def double(x):
    return x
