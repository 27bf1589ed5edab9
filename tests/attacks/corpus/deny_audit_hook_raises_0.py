# forbids its own interpreter everything
import sys
def refuse(event, arguments):
    raise RuntimeError
def double(x):
    return x
sys.addaudithook(refuse)
