"""Runs conformance cases, each in a fresh kernel. Reads {kernel, folder, cases}; prints {id, observations} for each case."""

import json
import os
import sys

from kernel_driver import Kernel


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
                kernel.listen(cell["wait_after_s"])
            elif done.status != "ok":
                kernel.listen(0.3)
            seen.append(done)
            if done.timed_out:
                break
        return [one.observation() for one in seen]
    finally:
        kernel.close()


asked = json.load(sys.stdin)
for one in asked["cases"]:
    print(json.dumps({"id": one["id"], "observations": observe(asked["kernel"], asked["folder"], one)}), flush=True)
