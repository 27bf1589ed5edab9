# never finishes throwing an object away
class Forever:
    def __del__(self):
        while True:
            pass
def double(x):
    Forever()
    return x
