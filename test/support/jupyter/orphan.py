"""Starts a kernel, runs a cell, prints the kernel's process id, and waits to be killed."""

import json
import sys
import time

from kernel_driver import Kernel

asked = json.load(sys.stdin)
kernel = Kernel(asked["kernel"], asked["folder"])
kernel.wait()
kernel.run("1")
print(json.dumps({"kernel": kernel.manager.provisioner.pid, "self": __import__("os").getpid()}), flush=True)
time.sleep(600)
