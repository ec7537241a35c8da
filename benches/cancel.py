"""A server that takes an answer to one state and holds it there, for measuring how soon a client
that is cancelled lets go.
"""

import select
import socket
import time

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
TEXT = b'data: {"choices":[{"delta":{"content":"Half a sentence"}}]}\n\n'


def refusal(body, *headers):
    """A 503 that leaves the connection open, as busy servers send it."""
    lines = [b"HTTP/1.1 503 Service Unavailable", b"Content-Type: application/json",
             b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


BUSY = refusal(b'{"error":{"message":"Busy."}}', b"Retry-After: 50")
LOADING = refusal(b'{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}')

# What was sent up to the state, and how long it is held before the cancel. Nothing at all is sent
# where the connection is still being made, which takes a server that should speak TLS and does not.
CONNECTING = None
STATES = {
    "connecting": (CONNECTING, 0),
    "waiting for the head": (b"", 0),
    "waiting for the first byte": (HEAD, 0),
    "streaming": (HEAD + TEXT, 0),
    "stalled for 10 s": (HEAD + TEXT, 10.5),
    "waiting between two tries": (BUSY, 0.3),
    "the model is loaded": (LOADING, 0.3),
}

# States in which no answer is on its way: the connection waits to be used again, and what ends is
# the run. In the studio that is what the border says.
BETWEEN = ("waiting between two tries", "the model is loaded")


class Holder:
    def __init__(self, state):
        self.bytes, self.hold = STATES[state]
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.scheme = "https" if self.bytes is CONNECTING else "http"
        self.connection = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.connection:
            self.connection.close()
        self.listener.close()

    def reached(self):
        """Waits for the request and takes its answer to the state."""
        self.listener.settimeout(20)
        self.connection, _ = self.listener.accept()
        self.connection.settimeout(20)
        if self.bytes is CONNECTING:
            self.connection.recv(1)
            return
        data = b""
        while not data.rstrip().endswith(b"}"):
            data += self.connection.recv(65536)
        self.connection.sendall(self.bytes)
        time.sleep(self.hold)

    def closed(self, meanwhile):
        """When the client had let go."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            ready, _, _ = select.select([self.connection], [], [], 0.001)
            now = time.monotonic()
            if ready:
                try:
                    if not self.connection.recv(65536):
                        return now
                except ConnectionResetError:
                    return now
            meanwhile()
        raise TimeoutError("the connection stays open")
