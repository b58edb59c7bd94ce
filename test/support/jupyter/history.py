"""Runs the same cells in two sessions of each kernel, one after the other, and asks for their history. Reads {kernels, folder}; prints {kernel, answers}."""

import json
import os
import sys

from kernel_driver import Kernel

asked = json.load(sys.stdin)
TIMEOUT = 60

# Valid in Python and in TypeScript.
sessions = [
    ["'needle one'", "6 * 7", "(1,\n2)", "nobody_knows_this", "'straw'", "'needle two'"],
    ["'needle one'", "[1, 2][0]", "'needle 3'"],
    ["'straw'", "'needle two'", "20 + 1"],
]

questions = [
    {"hist_access_type": "tail", "n": 2},
    {"hist_access_type": "tail", "n": 7},
    {"hist_access_type": "tail", "n": 1000},
    {"hist_access_type": "range", "session": 0, "start": 1, "stop": 3},
    {"hist_access_type": "range", "session": 0, "start": 2},
    {"hist_access_type": "range", "session": -1, "start": 1, "stop": 3},
    {"hist_access_type": "range", "session": -2, "start": 3, "stop": 100},
    {"hist_access_type": "range", "session": 1, "start": 2, "stop": 5},
    {"hist_access_type": "range", "session": 3, "start": 1},
    {"hist_access_type": "range", "session": 99, "start": 1},
    {"hist_access_type": "range", "session": -99, "start": 1},
    {"hist_access_type": "search", "pattern": "*needle*"},
    {"hist_access_type": "search", "pattern": "*needle*", "n": 3},
    {"hist_access_type": "search", "pattern": "'needle ?'"},
    {"hist_access_type": "search", "pattern": "*needle*", "unique": True},
    {"hist_access_type": "search", "pattern": "*needle*", "unique": True, "n": 2},
    {"hist_access_type": "search", "pattern": "(1,*"},
    {"hist_access_type": "search", "pattern": "nothing like it"},
]


def reply_to(kernel, content):
    kernel.client.shell_channel.send(message := kernel.client.session.msg("history_request", {"raw": True, "output": False, **content}))
    while True:
        reply = kernel.client.get_shell_msg(timeout=TIMEOUT)
        if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
            return reply["content"]["history"]


for name in asked["kernels"]:
    folder = os.path.join(asked["folder"], name)
    os.makedirs(folder)
    env = {**os.environ, "IPYTHONDIR": os.path.join(folder, "ipython"), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    for number, cells in enumerate(sessions):
        kernel = Kernel(name, folder, env)
        try:
            kernel.wait()
            for code in cells:
                kernel.run(code, timeout=TIMEOUT)
                kernel.run("1 + 2", timeout=TIMEOUT, silent=True)
                kernel.run("3 + 4", timeout=TIMEOUT, store_history=False, user_expressions={"five": "5"})
            if number == len(sessions) - 1:
                answers = [reply_to(kernel, question) for question in questions]
                outputs = [
                    *reply_to(kernel, {"hist_access_type": "range", "session": 1, "start": 1, "stop": 5, "output": True}),
                    *reply_to(kernel, {"hist_access_type": "tail", "n": 1, "output": True}),
                ]
                seen = {"kernel": name, "answers": answers, "outputs": outputs, "questions": questions}
                print(json.dumps(seen), flush=True)
        finally:
            kernel.client.stop_channels()
            kernel.manager.shutdown_kernel(now=False)
            # Not at the end of the script, when half of its modules are gone.
            kernel = None
