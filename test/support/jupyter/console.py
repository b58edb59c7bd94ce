"""Types into `jupyter console` at a pseudo-terminal. Reads {kernel, folder}; prints what the screen showed at each step."""

import json
import re
import sys

import pexpect

asked = json.load(sys.stdin)
shown = {}
child = pexpect.spawn(
    sys.executable,
    [
        "-m",
        "jupyter_console",
        "--kernel",
        asked["kernel"],
        "--ZMQTerminalInteractiveShell.highlighting_style=bw",
        # A busy machine may take longer than the second that it waits by itself.
        "--ZMQTerminalInteractiveShell.kernel_is_complete_timeout=60",
    ],
    cwd=asked["folder"],
    encoding="utf8",
    timeout=60,
    dimensions=(60, 200),
)


# prompt_toolkit asks where the cursor is, and waits for the answer of the terminal.
def expect(pattern):
    while True:
        found = child.expect([pattern, r"\x1b\[6n"])
        if found == 0:
            return child.match.group(0)
        child.send("\x1b[1;1R")


def step(name, keys, pattern):
    child.send(keys)
    shown[name] = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", expect(pattern))


try:
    shown["banner"] = expect(r"Assay [\d.]+: TypeScript")
    expect(r"In \[")
    step("result", "const five: number = 2 + 3; five * 2\r", r"Out\[.*?10")
    # The first Enter leaves the text open, because it is not complete; an empty line ends it.
    step("open", "function twice(n: number) {\r", r"\.\.\.:")
    step("many lines", "return n * 2 }\r\r", r"In \[.*?\[?3")
    step("call", "twice(21)\r", r"Out\[.*?42")
    step("after", "five\r", r"Out\[.*?5")
    expect(r"In \[.*?5.*?\x1b\[\?25h")
    child.send("\x04")
    expect(r"really want to exit")
    child.send("y\r")
    child.expect(pexpect.EOF, timeout=30)
    shown["ended"] = True
except (pexpect.TIMEOUT, pexpect.EOF) as error:
    shown["failed"] = "%s: %s" % (type(error).__name__, repr(child.before)[-1500:])
finally:
    child.close(force=True)
print(json.dumps(shown))
