# lets alarms go off in the middle of whatever comes later
import signal
def again(*_):
    raise KeyboardInterrupt
signal.signal(signal.SIGALRM, again)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
def double(x):
    return x
