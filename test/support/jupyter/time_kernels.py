"""Times kernels side by side through jupyter_client.

Reads {kernels, folder, rounds}; prints {kernel, measure, value} for each single measurement. Kernels take turns in every round.
"""

import json
import os
import statistics
import sys
import time

from kernel_driver import Kernel

FLOOD_LINES = 100_000
FLOOD = "for (let i = 0; i < %d; i++) console.log('line ' + i);" % FLOOD_LINES


def typed_functions(mark):
    lines = [
        "function scale%s_%d(value: number, by: number = %d): number { return value * by + %d; }" % (mark, i, i, i)
        for i in range(50)
    ]
    return "\n".join(lines) + "\nscale%s_49(1)" % mark


def long_cell(mark):
    lines = []
    for i in range(40):
        lines += [
            "interface Row%s_%d { id: number; name: string }" % (mark, i),
            "const row%s_%d: Row%s_%d = { id: %d, name: 'row %d' };" % (mark, i, mark, i, i, i),
            "const list%s_%d = Array.from({ length: 5 }, (_, n) => n + row%s_%d.id);" % (mark, i, mark, i),
            "let sum%s_%d = 0;" % (mark, i),
            "for (const one of list%s_%d) sum%s_%d += one;" % (mark, i, mark, i),
        ]
    assert len(lines) == 200
    return "\n".join(lines) + "\nsum%s_39" % mark


def say(kernel, measure, value):
    print(json.dumps({"kernel": kernel, "measure": measure, "value": value}), flush=True)


def tree_memory(pid):
    """Resident bytes of a process and all below it."""
    children = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % name) as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
            children.setdefault(parent, []).append(int(name))
        except OSError:
            pass
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        waiting += children.get(one, [])
        try:
            with open("/proc/%d/statm" % one) as file:
                total += int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            pass
    return total


def process_id(kernel):
    provisioner = getattr(kernel.manager, "provisioner", None)
    return provisioner.pid if provisioner is not None else kernel.manager.kernel.pid


def milliseconds(since):
    return (time.monotonic() - since) * 1000


def timed(kernel, code, timeout=60):
    begun = time.monotonic()
    cell = kernel.run(code, timeout=timeout)
    took = milliseconds(begun)
    if cell.status != "ok":
        raise RuntimeError("%r ended with %s" % (code[:60], cell.status))
    return took


def cold_start(name, folder):
    begun = time.monotonic()
    kernel = Kernel(name, folder, attempts=1)
    try:
        kernel.wait()
        say(name, "ready", milliseconds(begun))
        timed(kernel, "1 + 1")
        say(name, "first", milliseconds(begun))
        time.sleep(2)
        say(name, "memory", tree_memory(process_id(kernel)))
    finally:
        kernel.close()


def cells(name, folder):
    kernel = Kernel(name, folder)
    try:
        kernel.wait()
        for _ in range(30):
            timed(kernel, "1 + 1")
        say(name, "trivial", statistics.median(timed(kernel, "1 + 1") for _ in range(200)))
        for measure, code in (("typed", typed_functions), ("long", long_cell)):
            timed(kernel, code("w"))
            say(name, measure, statistics.median(timed(kernel, code(str(n))) for n in range(15)))
    finally:
        kernel.close()


def new_cells(name, folder):
    """Trivial cells of which no kernel has seen the text before."""
    kernel = Kernel(name, folder)
    try:
        kernel.wait()
        for n in range(30):
            timed(kernel, "1 + %d" % n)
        say(name, "new", statistics.median(timed(kernel, "1 + %d" % n) for n in range(30, 230)))
    finally:
        kernel.close()


def flood(name, folder):
    kernel = Kernel(name, folder)
    try:
        kernel.wait()
        timed(kernel, "1 + 1")
        begun = time.monotonic()
        cell = kernel.run(FLOOD, timeout=120)
        done = milliseconds(begun)
        # What comes after "done" counts too, as long as something still comes.
        last = len(cell.outputs)
        latest = done
        while time.monotonic() - begun < 120:
            kernel.listen(1)
            if len(cell.outputs) == last:
                break
            last, latest = len(cell.outputs), milliseconds(begun) - 1000
        text = "".join(content["text"] for kind, content in cell.outputs if kind == "stream")
        expected = ["line %d" % i for i in range(FLOOD_LINES)]
        lines = text.split("\n")[:-1]
        say(name, "flood", latest)
        say(name, "complete", 1.0 if lines == expected else len(set(lines) & set(expected)) / FLOOD_LINES)
    finally:
        kernel.close()


INTERRUPTS = {
    "interrupt-loop": "while (true) {}",
    "interrupt-await": "await new Promise(() => {});",
    "interrupt-after-await": "await null; while (true) {}",
}


def interrupts(name, folder):
    for measure, code in INTERRUPTS.items():
        kernel = Kernel(name, folder)
        try:
            kernel.wait()
            timed(kernel, "globalThis.kept = 7")
            cell = kernel.run(code, timeout=6, interrupt_after=0.5)
            alive = False
            if not cell.timed_out:
                after = kernel.run("kept", timeout=6)
                alive = after.status == "ok" and after.observation()["result"] == "7"
            # No number: it did not end, or the session was lost.
            say(name, measure, cell.interrupt_ms if alive else None)
        finally:
            kernel.close()


asked = json.load(sys.stdin)
for measured in (cold_start, cells, new_cells, interrupts, flood):
    rounds = asked["rounds"] * (3 if measured is cold_start else 1)
    if asked.get("only") and measured.__name__ not in asked["only"]:
        continue
    for _ in range(rounds):
        for one in asked["kernels"]:
            try:
                measured(one, asked["folder"])
            except Exception as error:
                print("%s, %s: %s" % (one, measured.__name__, error), file=sys.stderr)
