"""A server that streams a prepared Markdown answer as fast as a socket takes it.

It speaks both text APIs. The whole body is built before the first connection, so that one
`sendall` is all it does while the clock runs; a pace in tokens a second slows it down instead.
"""

import json
import multiprocessing
import re
import socket
import threading
import time

from scenario import LAST_GLYPH

WORDS = ("the terminal never went away and people who write all day keep one open because "
         "it starts at once stays out of the way and shows nothing but the text").split()


def tokens(count):
    """`count` pieces of Markdown: headings, paragraphs, emphasis, lists, quotes, code."""
    out = []
    paragraph = 0
    while len(out) < count - 1:
        paragraph += 1
        kind = paragraph % 8
        start = {0: "\n\n## Part", 2: "\n\n- one", 3: "\n- two", 5: "\n\n> so", 6: "\n\n```rust\nlet"}
        out.append(start.get(kind, "\n\nNow"))
        for n in range(12 if kind in (2, 3) else 60):
            word = WORDS[(n * 7 + paragraph) % len(WORDS)]
            out.append({11: f" **{word}**", 23: f" `{word}`", 31: f" *{word}*,"}.get(n, " " + word)
                       if kind != 6 else (" " + word if n % 9 else ";\n    let"))
        out.append(";\n```" if kind == 6 else ".")
    del out[count - 1:]
    # Closes a fence that the cut may have left open, so that the end is prose again.
    fence = "\n```" if "".join(out).count("```") % 2 else ""
    out.append(f"{fence}\n\n{LAST_GLYPH}")
    return out


def chat_events(pieces):
    head = {"id": "chatcmpl-bench", "object": "chat.completion.chunk", "created": 1795000001,
            "model": "bench"}

    def event(delta, finish=None):
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        data = json.dumps(head | {"choices": [choice]}, ensure_ascii=False, separators=(",", ":"))
        return f"data: {data}\n\n".encode()

    yield event({"role": "assistant", "content": ""})
    for piece in pieces:
        yield event({"content": piece})
    usage = {"prompt_tokens": 100, "completion_tokens": len(pieces), "total_tokens": 100 + len(pieces)}
    yield event({}, "stop")
    yield f"data: {json.dumps(head | {'choices': [], 'usage': usage})}\n\n".encode()
    yield b"data: [DONE]\n\n"


def response_events(pieces):
    def event(kind, **fields):
        data = json.dumps({"type": kind} | fields, ensure_ascii=False, separators=(",", ":"))
        return f"event: {kind}\ndata: {data}\n\n".encode()

    shell = {"id": "resp_bench", "object": "response", "created_at": 1795000001, "model": "bench"}
    yield event("response.created", sequence_number=0,
                response=shell | {"status": "in_progress", "output": []})
    for number, piece in enumerate(pieces, 1):
        yield event("response.output_text.delta", sequence_number=number, item_id="msg_1",
                    output_index=0, content_index=0, delta=piece)
    part = {"type": "output_text", "text": "".join(pieces), "annotations": []}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed",
               "content": [part]}
    usage = {"input_tokens": 100, "output_tokens": len(pieces), "total_tokens": 100 + len(pieces)}
    yield event("response.completed", sequence_number=len(pieces) + 1,
                response=shell | {"status": "completed", "output": [message], "usage": usage})


def frames(events, per_chunk):
    """Events in HTTP chunks of `per_chunk` events; one, as the real server does it."""
    events = list(events)
    out = []
    for start in range(0, len(events), per_chunk):
        data = b"".join(events[start:start + per_chunk])
        out.append(b"%x\r\n%s\r\n" % (len(data), data))
    out.append(b"0\r\n\r\n")
    return out


class Server:
    """The server in a process of its own; `finished()` is the time of its last byte."""

    def __init__(self, count, pace=None, per_chunk=1):
        self.count = count
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.reports, to_parent = multiprocessing.Pipe(duplex=False)
        self.process = multiprocessing.get_context("fork").Process(
            target=serve, args=(self.listener, to_parent, count, pace, per_chunk), daemon=True)
        self.process.start()
        self.reports.recv()

    def finished(self, timeout=60):
        """CLOCK_MONOTONIC when the last byte of the latest answer was handed to the kernel."""
        latest = None
        while self.reports.poll(timeout if latest is None else 0):
            latest = self.reports.recv()
        return latest

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.join()
        self.listener.close()
        self.reports.close()


def serve(listener, reports, count, pace, per_chunk):
    pieces = tokens(count)
    bodies = {"chat": frames(chat_events(pieces), per_chunk),
              "responses": frames(response_events(pieces), per_chunk)}
    whole = {api: b"".join(parts) for api, parts in bodies.items()}
    reports.send("ready")
    while True:
        connection, _ = listener.accept()
        # Several may be answered at the same time: what is sent was made before.
        threading.Thread(target=answer, args=(connection, reports, bodies, whole, pace, per_chunk),
                         daemon=True).start()


def answer(connection, reports, bodies, whole, pace, per_chunk):
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            path = read_request(connection)
            if path.endswith(("/chat/completions", "/responses")):
                api = "responses" if path.endswith("/responses") else "chat"
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
                if pace:
                    send_paced(connection, bodies[api], pace, per_chunk)
                else:
                    connection.sendall(whole[api])
                reports.send(time.monotonic())
            elif path:
                body = b'{"object":"list","data":[{"id":"bench","object":"model"}]}'
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                   b"Content-Length: %d\r\nConnection: close\r\n\r\n%s"
                                   % (len(body), body))
        except OSError:
            # The program under test hung up; its own row will say so.
            pass


def send_paced(connection, parts, pace, per_chunk):
    start = time.monotonic()
    sent = 0
    while sent < len(parts):
        due = int((time.monotonic() - start) * pace / per_chunk) + 1
        if due > sent:
            connection.sendall(b"".join(parts[sent:due]))
            sent = due
        time.sleep(0.002)


def read_request(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return ""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    missing = int(length.group(1)) - len(body) if length else 0
    while missing > 0:
        missing -= len(connection.recv(65536))
    return head.split()[1].decode()
