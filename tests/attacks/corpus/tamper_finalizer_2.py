# writes when its objects are thrown away
class Testament:
    def __del__(self, open=open):
        for folder in ("/tmp", "/var/tmp", "/dev/shm"):
            try:
                open(f"{folder}/left_behind_by_a_finalizer", "w").close()
            except OSError:
                pass
def double(x):
    Testament()
    return x
