"""Runs cells as a Jupyter server does: the notebook's file named in the environment, cells by their ids. Reads {kernel, path, cells}."""

import json
import os
import sys

from kernel_driver import Cell, Kernel

asked = json.load(sys.stdin)
kernel = Kernel(asked["kernel"], os.path.dirname(asked["path"]), {**os.environ, "JPY_SESSION_NAME": asked["path"]})
try:
    kernel.wait()
    for one in asked["cells"]:
        session = kernel.client.session
        content = {"code": one["source"], "silent": False, "store_history": True}
        message = session.msg("execute_request", content, metadata={"cellId": one["id"]})
        cell = kernel.cells[message["header"]["msg_id"]] = Cell(message["header"]["msg_id"])
        kernel.client.shell_channel.send(message)
        while cell.reply is None or not cell.idle:
            kernel.poll(0.2)
        print(json.dumps(cell.observation()), flush=True)
    # As a server does: a kernel that is killed has ten milliseconds less of its records.
    kernel.manager.shutdown_kernel()
finally:
    kernel.close()
