# goes on in a thread after its cell is done
import threading, time
def later():
    for _ in range(20):
        time.sleep(0.05)
        try:
            open("/tmp/left_behind_by_a_thread", "w").close()
        except OSError:
            pass
threading.Thread(target=later).start()
def double(x):
    return x
