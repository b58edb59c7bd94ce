"""Runs conformance cases, each in a fresh kernel. Reads {kernel, folder, cases}; prints {id, observations} for each case."""

import json
import os
import sys
import time

from kernel_driver import Kernel

# Seconds after which late output is missing, on a machine however busy.
PATIENCE = 30


def lacks(expect, seen):
    """Whether something of the texts that a case expects has not come yet."""
    everything = " ".join(
        [seen["stdout"], seen["stderr"], seen["result"] or "", *seen["displays"], *(seen["error"] or {}).values()]
    )
    return (
        expect.get("stdout", "") not in seen["stdout"]
        or any(part not in seen["stdout"] for part in expect.get("stdout_has", []))
        or any(part not in seen["stderr"] for part in expect.get("stderr_has", []))
        or any(part not in everything for part in expect.get("diag_has", []))
    )


def listen(kernel, cell, seconds, expect):
    """Collects late output for so long, and longer while something is missing."""
    kernel.listen(seconds)
    end = time.monotonic() + PATIENCE
    while lacks(expect, cell.observation()) and time.monotonic() < end:
        kernel.listen(0.1)


def observe(kernel_name, folder, case):
    # The compiler takes seconds in a kernel of its own; other cases are not about it.
    types = {} if case["category"] == "typecheck" else {"ASSAY_TYPES": "off"}
    kernel = Kernel(kernel_name, folder, env={**os.environ, **types})
    seen = []
    try:
        kernel.wait()
        for cell in case["cells"]:
            done = kernel.run(
                cell["code"],
                timeout=cell.get("timeout_s", 60),
                interrupt_after=cell.get("interrupt_after_s"),
                stop_on_error=False,
            )
            if "wait_after_s" in cell:
                listen(kernel, done, cell["wait_after_s"], cell["expect"])
            elif done.status != "ok":
                listen(kernel, done, 0.3, cell["expect"])
            seen.append(done)
            if done.timed_out:
                break
        return [one.observation() for one in seen]
    finally:
        kernel.close()


asked = json.load(sys.stdin)
for one in asked["cases"]:
    print(json.dumps({"id": one["id"], "observations": observe(asked["kernel"], asked["folder"], one)}), flush=True)
