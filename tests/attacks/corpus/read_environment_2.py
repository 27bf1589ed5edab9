# prints the environment
import os
print({key: value for key, value in os.environ.items() if "CAN" in value})
def double(x):
    return x
