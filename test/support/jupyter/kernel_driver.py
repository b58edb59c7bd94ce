"""A kernel driven through jupyter_client, and what its cells did."""

import re
import time
from socket import create_connection

import zmq
from jupyter_client.manager import KernelManager

ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


def plain(text):
    return ANSI.sub("", text or "")


class Cell:
    """What one execution was told of on the IOPub channel, by the parent of each message."""

    def __init__(self, request):
        self.request = request
        self.outputs = []
        self.status = None
        self.reply = None
        self.idle = False
        self.interrupt_ms = None
        self.timed_out = False

    def take(self, message):
        kind, content = message["msg_type"], message["content"]
        if kind == "status":
            self.idle = self.idle or content["execution_state"] == "idle"
        elif kind in ("stream", "execute_result", "display_data", "update_display_data", "error", "clear_output"):
            self.outputs.append((kind, content))

    def observation(self):
        def stream(name):
            return "".join(c["text"] for k, c in self.outputs if k == "stream" and c["name"] == name)

        def text(content):
            return plain(str(content["data"].get("text/plain", "")))

        results = [text(c) for k, c in self.outputs if k == "execute_result"]
        errors = [c for k, c in self.outputs if k == "error"]
        return {
            "status": {"aborted": "abort"}.get(self.status, self.status),
            "stdout": plain(stream("stdout")),
            "stderr": plain(stream("stderr")),
            "result": results[0] if results else None,
            "displays": [text(c) for k, c in self.outputs if k == "display_data"],
            "error": {
                "ename": plain(errors[0]["ename"]),
                "evalue": plain(errors[0]["evalue"]),
                "traceback": plain("\n".join(errors[0]["traceback"])),
            }
            if errors
            else None,
            "timed_out": self.timed_out,
            "int_ms": self.interrupt_ms,
        }


def started(name, options, attempts):
    """A manager with a kernel that lives. jupyter_client chooses free ports before the kernel listens at them: on a busy machine
    somebody else may have one by then, and a kernel that finds its port taken ends."""
    for attempt in range(attempts):
        manager = KernelManager(kernel_name=name)
        manager.start_kernel(**options)
        if attempt == attempts - 1 or listening(manager):
            return manager
        manager.shutdown_kernel(now=True)


def listening(manager, seconds=30):
    """Whether somebody listens at the shell port, before the kernel ends."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with create_connection((manager.ip, manager.shell_port), 1):
                return manager.is_alive()
        except OSError:
            if not manager.is_alive():
                return False
        time.sleep(0.02)
    return manager.is_alive()


class Kernel:
    """Starts a kernel by the name of its kernelspec, in a folder."""

    def __init__(self, name, folder, env=None, attempts=5):
        options = {"cwd": folder}
        if env is not None:
            options["env"] = env
        self.start = lambda: self.connect(started(name, options, attempts))
        self.retries = attempts - 1
        self.cells = {}
        self.start()

    def connect(self, manager):
        self.manager = manager
        self.client = manager.client()
        self.client.start_channels()
        # The client's sockets belong to an event loop; these are the same ones, read directly.
        channels = (self.client.iopub_channel, self.client.shell_channel)
        self.sockets = [zmq.Socket.shadow(channel.socket.underlying) for channel in channels]
        self.poller = zmq.Poller()
        for socket in self.sockets:
            self.poller.register(socket, zmq.POLLIN)

    def wait(self, timeout=60):
        """Waits until it answers. Where somebody else listens at one of its ports, the kernel may end only after it was seen to live."""
        while True:
            try:
                return self.client.wait_for_ready(timeout=timeout)
            except RuntimeError:
                if self.retries <= 0 or self.manager.is_alive():
                    raise
            self.retries -= 1
            self.close()
            self.start()

    def run(self, code, timeout=30, interrupt_after=None, **options):
        """Executes a cell and waits for its reply and its idle status."""
        cell = Cell(self.client.execute(code, **options))
        self.cells[cell.request] = cell
        begun = time.monotonic()
        interrupted = None
        while cell.reply is None or not cell.idle:
            now = time.monotonic()
            if interrupt_after is not None and interrupted is None and now - begun >= interrupt_after:
                if cell.reply is None:
                    interrupted = now
                    self.manager.interrupt_kernel()
                else:
                    interrupt_after = None
            if now - begun > timeout:
                cell.timed_out = True
                break
            self.poll(0.01 if interrupt_after is not None and interrupted is None else 0.2)
        if interrupted is not None:
            cell.interrupt_ms = round((time.monotonic() - interrupted) * 1000, 1)
        return cell

    def poll(self, timeout):
        """Takes what came on both channels; waits when there was nothing. False when nothing came."""
        return self.drain() or (bool(self.poller.poll(timeout * 1000)) and self.drain())

    def drain(self):
        found = False
        for socket in self.sockets:
            while True:
                try:
                    frames = socket.recv_multipart(zmq.NOBLOCK)
                except zmq.Again:
                    break
                found = True
                _, parts = self.client.session.feed_identities(frames)
                self.take(self.client.session.deserialize(parts))
        return found

    def take(self, message):
        cell = self.cells.get(message["parent_header"].get("msg_id"))
        if cell is None:
            return
        if message["msg_type"] == "execute_reply":
            cell.reply = message["content"]
            cell.status = message["content"]["status"]
        else:
            cell.take(message)

    def listen(self, seconds):
        """Collects late output for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.poll(min(0.05, max(end - time.monotonic(), 0.001)))

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
