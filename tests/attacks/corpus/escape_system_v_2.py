# uses queues, semaphores and memory of others by their numbers
import ctypes
def double(x):
    return x
library = ctypes.CDLL(None, use_errno=True)
for number in range(64):
    for name, arguments in {"msgrcv": (number, ctypes.create_string_buffer(100), 50, 0, 0o4000), "semctl": (number, 0, 12), "shmat": (number, None, 0o10000)}.items():
        if getattr(library, name)(*arguments) != -1:
            print("harm:", name, "worked")
        elif ctypes.get_errno() not in (1, 38):
            print("harm:", name, "was let through", ctypes.get_errno())
