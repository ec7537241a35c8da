"""A server that takes an answer to one state and holds it there, for measuring how soon a client
that is cancelled lets go.
"""

import select
import socket
import time

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
TEXT = b'data: {"choices":[{"delta":{"content":"Half a sentence"}}]}\n\n'

# What was sent up to the state, and how long it is held before the cancel.
STATES = {
    "waiting for the head": (b"", 0),
    "waiting for the first byte": (HEAD, 0),
    "streaming": (HEAD + TEXT, 0),
    "stalled for 10 s": (HEAD + TEXT, 10.5),
}


class Holder:
    def __init__(self, state):
        self.bytes, self.hold = STATES[state]
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
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
