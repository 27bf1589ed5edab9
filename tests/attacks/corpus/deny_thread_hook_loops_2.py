# loops in the hook for exceptions in threads
import threading
def forever(_):
    while True:
        pass
threading.excepthook = forever
def double(x):
    threading.Thread(target=lambda: 1 / 0, daemon=True).start()
    return x
