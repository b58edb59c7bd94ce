"""Walks through the Jupyter protocol with jupyter_client. Reads {kernel, folder}; prints {name, seen} for each walk, for the test to judge."""

import json
import os
import signal
import sys
import time

import zmq
from kernel_driver import Kernel, plain

asked = json.load(sys.stdin)
TIMEOUT = 60


def messages(kernel, request, until=lambda m: False, timeout=TIMEOUT):
    """What comes with this request as parent, on IOPub and shell, until both the reply and idle are there."""
    found, reply, idle = [], None, False
    end = time.monotonic() + timeout
    while time.monotonic() < end and not (reply and idle):
        for channel, message in arrived(kernel, end - time.monotonic()):
            if message["parent_header"].get("msg_id") != request:
                kernel.other.append(message)
                continue
            if channel == "iopub":
                found.append(message)
                idle = idle or (message["msg_type"] == "status" and message["content"]["execution_state"] == "idle")
            elif channel in ("shell", "control"):
                reply = message
            if until(message):
                return found, reply
    return found, reply


def arrived(kernel, timeout):
    client = kernel.client
    names = ("iopub", "shell", "stdin", "control")
    sockets = {name: zmq.Socket.shadow(getattr(client, name + "_channel").socket.underlying) for name in names}
    poller = zmq.Poller()
    for socket in sockets.values():
        poller.register(socket, zmq.POLLIN)
    ready = dict(poller.poll(max(timeout, 0) * 1000))
    for name, socket in sockets.items():
        if socket in ready:
            _, parts = client.session.feed_identities(socket.recv_multipart())
            yield name, client.session.deserialize(parts)


def brief(message):
    content = message["content"]
    kind = message["msg_type"]
    if kind == "status":
        return kind + " " + content["execution_state"]
    if kind == "stream":
        return content["name"] + " " + content["text"]
    if kind in ("execute_result", "display_data", "update_display_data"):
        return kind + " " + str(content["data"].get("text/plain"))
    return kind


def execute(kernel, code, **options):
    found, reply = messages(kernel, kernel.client.execute(code, **options))
    return {"iopub": [brief(m) for m in found], "reply": reply["content"] if reply else None}


def request(kernel, kind, content, channel="shell"):
    message = kernel.client.session.msg(kind, content)
    getattr(kernel.client, channel + "_channel").send(message)
    found, reply = messages(kernel, message["header"]["msg_id"])
    return {
        "iopub": [brief(m) for m in found],
        "type": reply["msg_type"] if reply else None,
        "reply": reply["content"] if reply else None,
    }


def answer_question(kernel, code, answer, **options):
    """Runs a cell that asks, answers it, and tells what was asked."""
    sent = kernel.client.execute(code, allow_stdin=True, **options)
    question, texts, reply, idle = None, [], None, False
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end and not (reply and idle):
        for channel, message in arrived(kernel, end - time.monotonic()):
            if channel == "stdin":
                question = {"content": message["content"], "ours": message["parent_header"]["msg_id"] == sent}
                kernel.client.input(answer)
            elif channel == "iopub" and message["parent_header"].get("msg_id") == sent:
                texts.append(brief(message))
                idle = idle or texts[-1] == "status idle"
            elif channel == "shell":
                reply = message["content"]
    return {"question": question, "iopub": texts, "reply": reply}


def walk_info(kernel):
    return request(kernel, "kernel_info_request", {})


def walk_execute(kernel):
    return execute(kernel, "const first: number = 41;\nconsole.log('out'); console.error('err');\nfirst + 1")


def walk_silent(kernel):
    before = execute(kernel, "'a'")["reply"]["execution_count"]
    silent = execute(kernel, "globalThis.quiet = 5; console.log('hidden'); 6", silent=True)
    unstored = execute(kernel, "Reflect.get(globalThis, 'quiet')", store_history=False)
    after = execute(kernel, "'b'")["reply"]["execution_count"]
    return {"silent": silent, "unstored": unstored, "counts": [before, after]}


def walk_expressions(kernel):
    reply = execute(kernel, "const base = 6;", user_expressions={"good": "base * 7", "bad": "nowhere"})["reply"]
    return reply["user_expressions"]


def walk_stop_on_error(kernel):
    def two(**options):
        first = kernel.client.execute("await new Promise((r) => setTimeout(r, 300)); throw new Error('stop')", **options)
        second = kernel.client.execute("'second ran'")
        kernel.other = []
        _, one = messages(kernel, first)
        replies = [one["content"]["status"]]
        known = [m for m in kernel.other if m["msg_type"] == "execute_reply"]
        two = known[0] if known else messages(kernel, second)[1]
        return replies + [two["content"]["status"]]

    return {"stop": two(), "on": two(stop_on_error=False)}


def walk_next_after_error(kernel):
    """The next cell is sent as soon as one has failed, while the compiler still looks at that."""
    first = kernel.client.execute("const wrong: number = 'text';\nwrong.toFixed(1)")
    found, failed = messages(kernel, first, until=lambda m: m["msg_type"] == "execute_reply")
    kernel.other = []
    _, answer = messages(kernel, kernel.client.execute("'next'"))
    told = [brief(m) for m in found + kernel.other if m["parent_header"].get("msg_id") == first]
    end = time.monotonic() + TIMEOUT
    while not any(text.startswith("stderr") for text in told) and time.monotonic() < end:
        told += [brief(m) for _, m in arrived(kernel, end - time.monotonic()) if m["parent_header"].get("msg_id") == first]
    return {"statuses": [failed["content"]["status"], answer["content"]["status"]], "told": told}


def walk_without_a_pause(kernel):
    """Cells that a program sends one behind the other: the wrong one may be told of when it has ended."""
    sent = [kernel.client.execute("%d + 1" % n) for n in range(14)]
    sent += [kernel.client.execute("const count: number = 'many';"), kernel.client.execute("'behind'")]
    told, idle = [], set()
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end and not (any(text.startswith("stderr") for text in told) and len(idle) == len(sent)):
        for channel, message in arrived(kernel, end - time.monotonic()):
            parent = message["parent_header"].get("msg_id")
            if channel == "iopub" and brief(message) == "status idle":
                idle.add(parent)
            elif channel == "iopub" and parent == sent[14]:
                told.append(brief(message))
    return told


def walk_complete(kernel):
    execute(kernel, "const shelf = { books: ['a'], label: 'top' };")
    # An emoji is one code point and two UTF-16 units.
    return request(kernel, "complete_request", {"code": "'😀'; shelf.bo + 1", "cursor_pos": 13})


def walk_inspect(kernel):
    found = request(kernel, "inspect_request", {"code": "parseInt('7')", "cursor_pos": 4, "detail_level": 0})
    nothing = request(kernel, "inspect_request", {"code": "   ", "cursor_pos": 1, "detail_level": 0})
    return {"found": found["reply"], "nothing": nothing["reply"]}


def walk_is_complete(kernel):
    texts = ["1 + 1", "function f() {", "let = = 3", "`open", "const t = {\n  a: 1,", "enum E { A }", "if (x)", "/* on"]
    return {text: request(kernel, "is_complete_request", {"code": text})["reply"] for text in texts}


def walk_history(kernel):
    for code in ("'needle one'", "'straw'", "'needle two'"):
        execute(kernel, code)

    def ask(**content):
        content = {"raw": True, "output": False, **content}
        return request(kernel, "history_request", content)["reply"]["history"]

    return {
        "tail": ask(hist_access_type="tail", n=2),
        "range": ask(hist_access_type="range", session=0, start=1, stop=2),
        "search": ask(hist_access_type="search", pattern="*needle*", n=10),
        "output": ask(hist_access_type="tail", n=1, output=True),
    }


def walk_comm(kernel):
    opened = kernel.client.session.msg("comm_open", {"comm_id": "c1", "target_name": "widget", "data": {}})
    kernel.client.shell_channel.send(opened)
    found, _ = messages(
        kernel,
        opened["header"]["msg_id"],
        until=lambda m: m["msg_type"] == "status" and m["content"]["execution_state"] == "idle",
    )
    closes = [m["content"]["comm_id"] for m in found if m["msg_type"] == "comm_close"]
    return {"closes": closes, "info": request(kernel, "comm_info_request", {})["reply"]}


def walk_input(kernel):
    load = "import { confirm, input, secret } from 'assay';\n"
    return {
        "input": answer_question(kernel, load + "`hello ${await input('Who?')}`", "Ada"),
        "secret": answer_question(kernel, load + "(await secret('Key?')).length", "hidden"),
        "confirm": answer_question(kernel, load + "await confirm('Go on?')", "y"),
        "refused": execute(kernel, load + "await input('Who?')", allow_stdin=False),
        "next": execute(kernel, "'still here'"),
    }


def walk_display(kernel):
    code = "import { display } from 'assay';\nconst shown = display.live(1);\nshown.update(2);"
    sent = kernel.client.execute(code)
    found, _ = messages(kernel, sent)
    shown = [m for m in found if m["msg_type"].endswith("display_data")]
    ids = [m["content"].get("transient", {}).get("display_id") for m in shown]
    return {"iopub": [brief(m) for m in shown], "same": len(ids) == 2 and ids[0] == ids[1] and ids[0] is not None}


def walk_late(kernel):
    first = kernel.client.execute("setTimeout(() => console.log('late line'), 400); 'first'")
    messages(kernel, first)
    second = kernel.client.execute("await new Promise((r) => setTimeout(r, 900)); 'second'")
    kernel.other = []
    found, _ = messages(kernel, second)
    late = [m for m in kernel.other if m["msg_type"] == "stream"]
    return {
        "late": [(m["content"]["text"], m["parent_header"]["msg_id"] == first) for m in late],
        "second": [brief(m) for m in found],
    }


# A model whose run takes seconds.
ENGINE = """
import { onnx, tensor } from "assay";
const graph = onnx.graphBuilder(), n = 1024;
let value: onnx.Value = graph.input("x", "float32", [n, n]);
for (let i = 0; i < 250; i++) value = graph.op("MatMul", [value, value]);
graph.output("y", value, "float32", [n, n]);
const session = await onnx.sharedEngine().load(graph.build());
const feed = { x: tensor.zeros([n, n]) };
"""


def walk_interrupt(kernel):
    def stop(code, send):
        sent = kernel.client.execute(code)
        found, _ = messages(kernel, sent, until=lambda m: m["msg_type"] == "execute_input")
        time.sleep(0.5)
        send()
        found, reply = messages(kernel, sent)
        return reply["content"]["status"]

    execute(kernel, "globalThis.kept = 7")
    execute(kernel, ENGINE)
    message = kernel.manager.interrupt_kernel
    pid = kernel.manager.provisioner.pid
    return {
        "loop": stop("while (true) {}", message),
        "await": stop("await new Promise(() => {})", message),
        "loop after await": stop("await null; while (true) {}", message),
        "a model's run": stop("await session.run(feed)", message),
        "behind that run": stop("await session.run(feed)", message),
        "signal": stop("while (true) {}", lambda: os.kill(pid, signal.SIGINT)),
        "kept": execute(kernel, "kept")["iopub"],
    }


def walk_busy(kernel):
    """Questions about the language and the kernel are answered while a cell runs."""
    sent = kernel.client.execute("await new Promise((r) => setTimeout(r, 60_000))")
    messages(kernel, sent, until=lambda m: m["msg_type"] == "execute_input")
    info = request(kernel, "kernel_info_request", {})
    kernel.manager.interrupt_kernel()
    messages(kernel, sent)
    return info["type"]


def walk_malformed(kernel):
    channel = zmq.Socket.shadow(kernel.client.shell_channel.socket.underlying)
    session = kernel.client.session
    good = session.serialize(session.msg("kernel_info_request", {}))
    at = good.index(b"<IDS|MSG>")
    channel.send_multipart([b"nonsense"])
    channel.send_multipart(good[:at] + [b"<IDS|MSG>", b"0" * 64] + good[at + 2 :])
    channel.send_multipart(good[: at + 3])
    header = b"{not json"
    parts = [header, b"{}", b"{}", b"{}"]
    channel.send_multipart([b"<IDS|MSG>", session.sign(parts), *parts])
    parts = [b"[]", b"null", b"7", b'"text"']
    channel.send_multipart([b"<IDS|MSG>", session.sign(parts), *parts])
    odd = request(kernel, "strange_request", {"a": 1})
    wrong = request(kernel, "execute_request", {"code": 7, "user_expressions": [], "silent": "x"})
    debug = request(kernel, "debug_request", {"type": "request", "seq": 3, "command": "attach"}, "control")
    with_buffers = session.msg("comm_msg", {"comm_id": "none", "data": {}})
    session.send(channel, with_buffers, buffers=[b"\x00" * 1000])
    return {
        "odd": [odd["type"], odd["reply"]["status"]],
        "wrong": wrong["reply"]["status"],
        "debug": debug["reply"],
        "alive": execute(kernel, "'alive'")["iopub"],
        "beating": kernel.client.hb_channel.is_beating(),
    }


def walk_crash(kernel):
    crashed = execute(kernel, "globalThis.gone = 1; process.exit(3)")
    return {"status": crashed["reply"]["status"], "ename": crashed["reply"]["ename"], "next": execute(kernel, "typeof gone")}


def walk_restart(kernel):
    execute(kernel, "globalThis.before = 1")
    begun = time.monotonic()
    kernel.manager.restart_kernel()
    kernel.client.wait_for_ready(timeout=TIMEOUT)
    took = time.monotonic() - begun
    return {"gone": execute(kernel, "typeof before"), "seconds": took}


walks = [walk for name, walk in list(globals().items()) if name.startswith("walk_")]
one = Kernel(asked["kernel"], asked["folder"])
try:
    one.wait()
    one.client.hb_channel.unpause()
    for walk in walks:
        one.other = []
        try:
            seen = walk(one)
        except Exception as error:
            seen = {"failed": repr(error)}
        print(json.dumps({"name": walk.__name__[5:], "seen": json.loads(plain(json.dumps(seen)))}), flush=True)
finally:
    one.close()
