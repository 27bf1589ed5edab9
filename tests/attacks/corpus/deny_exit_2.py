# ends the process from within a call
import os
def double(x):
    os._exit(0)
