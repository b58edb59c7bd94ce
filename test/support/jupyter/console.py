"""Types into `jupyter console` at a pseudo-terminal. Reads {kernel, folder}; prints what the screen showed at each step."""

import json
import os
import re
import sys

import pexpect

asked = json.load(sys.stdin)
shown = {}
child = pexpect.spawn(
    sys.executable,
    [
        os.path.join(os.path.dirname(__file__), "patient_console.py"),
        "--kernel",
        asked["kernel"],
        "--ZMQTerminalInteractiveShell.highlighting_style=bw",
        # A busy machine may take longer than the second that it waits by itself.
        "--ZMQTerminalInteractiveShell.kernel_is_complete_timeout=60",
    ],
    cwd=asked["folder"],
    encoding="utf8",
    timeout=180,
    dimensions=(60, 200),
)


# prompt_toolkit asks where the cursor is, and waits for the answer of the terminal.
def expect(pattern):
    while True:
        found = child.expect([pattern, r"\x1b\[6n"])
        if found == 0:
            return child.match.group(0)
        child.send("\x1b[1;1R")


STYLE = r"(?:\x1b\[[\d;]*m)*"


# Only a prompt that is drawn whole takes keys: what comes while the console sets up the next one breaks it.
def prompt(number):
    text = expect(rf"In \[{STYLE}{number}{STYLE}\]: ")
    return text + expect(r"\x1b\[\?25h")


def result(number, text):
    return expect(rf"Out\[{STYLE}{number}{STYLE}\]: {STYLE}{text}\r") + prompt(number + 1)


def step(name, keys, expected):
    child.send(keys)
    shown[name] = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", expected())


try:
    shown["banner"] = expect(r"Assay [\d.]+: TypeScript")
    prompt(1)
    step("result", "const five: number = 2 + 3; five * 2\r", lambda: result(1, 10))
    # The first Enter leaves the text open, because it is not complete; the one that completes it runs it.
    step("open", "function twice(n: number) {\r", lambda: expect(r"\.\.\.: "))
    step("many lines", "return n * 2 }\r", lambda: prompt(3))
    step("call", "twice(21)\r", lambda: result(3, 42))
    step("after", "five\r", lambda: result(4, 5))
    child.send("\x04")
    expect(r"really want to exit")
    child.send("y\r")
    child.expect(pexpect.EOF)
    shown["ended"] = True
except (pexpect.TIMEOUT, pexpect.EOF) as error:
    shown["failed"] = "%s: %s" % (type(error).__name__, repr(child.before)[-1500:])
finally:
    child.close(force=True)
print(json.dumps(shown))
