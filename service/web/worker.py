"""The worker process: gunicorn's threads, of which nobody can hold one by being slow.

A thread is given a request only when all of it has arrived. Until then the connection waits in the loop,
which holds a thousand of them, and is closed when the request takes too long. The loop also waits for whoever
is slow to hang up. Without this, eight browsers that open a spare connection keep everybody else waiting.
"""

import re
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from service.web.security import LARGEST_FORM

ARRIVAL, HANG_UP, STOPPING = 30.0, 2.0, 2.0
"""Seconds that a whole request may take to arrive, a client to hang up, and both once the worker stops."""

LARGEST_HEAD = 32_768
"""Bytes before the body; a browser with our one cookie sends a few hundred."""

ANSWER_BUFFER = 4 * LARGEST_FORM
"""Bytes the kernel may hold of an answer for a slow reader; it gives as much of it as it allows anybody."""

HEAD_END = b"\r\n\r\n"
OF_THIS_HOST = re.compile(rb"[A-Z]+ /.*^host:", re.IGNORECASE | re.MULTILINE | re.DOTALL)
LENGTH = re.compile(rb"^content-length:[ \t]*([0-9]{1,9})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
IN_PIECES = re.compile(rb"^transfer-encoding[ \t]*:", re.IGNORECASE | re.MULTILINE)
BAD = b"400 Bad Request"
NO_LENGTH = b"411 Length Required"
HEAD_TOO_LARGE = b"431 Request Header Fields Too Large"


class Unwelcome(Exception):
    """A request that is not waited for; `status` is its answer."""

    def __init__(self, status: bytes) -> None:
        self.status = status
        super().__init__(status.decode())


class PatientWorker(ThreadWorker):
    """A threaded worker whose loop reads requests, so that its threads never wait for a client."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: dict[TConn, float] = {}
        self._next_sweep = 0.0

    def enqueue_req(self, conn: TConn) -> None:
        """Wait for a whole request: on a new connection, on a kept one, and on one that has sent ahead."""
        if conn.parser is None:
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ANSWER_BUFFER)
        arrived = bytearray(conn.parser.unreader.take_buffered() if conn.parser else b"")
        self._wait(conn, ARRIVAL, partial(self._gather, conn, arrived))
        if arrived:
            self._hand_over_when_whole(conn, arrived)

    def finish_request(self, conn: TConn, done: "Future[Any]") -> None:
        """Keep the connection for the next request, or wait for the client to hang up."""
        if not done.cancelled() and done.exception() is None and done.result():
            super().finish_request(conn, done)
        else:
            self._hang_up(conn)

    def murder_pending(self) -> None:
        """Close what took too long. The loop comes here after every event; once a second is enough."""
        now = time.monotonic()
        if now < self._next_sweep:
            return
        self._next_sweep = now + 1.0
        for conn, until in list(self._waiting.items()):
            if until <= now:
                self._close(conn)
            elif not self.alive:
                self._waiting[conn] = min(until, now + STOPPING)

    def _gather(self, conn: TConn, arrived: bytearray, sock: socket.socket) -> None:
        try:
            piece = sock.recv(LARGEST_HEAD)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self._close(conn)
            return
        arrived += piece
        self._hand_over_when_whole(conn, arrived)

    def _hand_over_when_whole(self, conn: TConn, arrived: bytearray) -> None:
        try:
            size = size_of_first(arrived)
        except Unwelcome as unwelcome:
            self._answer_and_hang_up(conn, unwelcome.status)
            return
        if size is None or len(arrived) < size:
            return
        self._leave(conn)
        conn.init()
        conn.parser.unreader.unread(bytes(arrived))
        conn.data_ready = True
        super().enqueue_req(conn)

    def _answer_and_hang_up(self, conn: TConn, status: bytes) -> None:
        self._leave(conn)
        try:
            conn.sock.send(b"HTTP/1.1 " + status + b"\r\nConnection: close\r\nContent-Length: 0" + HEAD_END)
        except OSError:
            self._close(conn)
            return
        self._hang_up(conn)

    def _hang_up(self, conn: TConn) -> None:
        """Say that nothing more comes. Closed at once, the end of the answer could be lost on its way."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            self._wait(conn, HANG_UP, partial(self._drain, conn, bytearray()))
        except OSError:
            self._close(conn)

    def _drain(self, conn: TConn, drained: bytearray, sock: socket.socket) -> None:
        try:
            piece = sock.recv(LARGEST_HEAD)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        drained += piece
        if not piece or len(drained) > LARGEST_FORM:
            self._close(conn)

    def _wait(self, conn: TConn, seconds: float, readable: Callable[[socket.socket], None]) -> None:
        conn.sock.setblocking(False)
        self._waiting[conn] = time.monotonic() + seconds
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)

    def _leave(self, conn: TConn) -> None:
        if self._waiting.pop(conn, None) is not None:
            self.poller.unregister(conn.sock)

    def _close(self, conn: TConn) -> None:
        self._leave(conn)
        self.nr_conns -= 1
        conn.close()


def size_of_first(arrived: bytes | bytearray) -> int | None:
    """How many bytes make up the first request; None while its head has not ended.

    What is too large to be taken is not waited for: the application refuses it by its head. Raises Unwelcome
    for a head without an end; for one that names no host, or names one in its first line too; and for a body
    in pieces, whose end only a parser could find. No browser sends those to a server.
    """
    end = arrived.find(HEAD_END)
    if end < 0:
        if len(arrived) > LARGEST_HEAD:
            raise Unwelcome(HEAD_TOO_LARGE)
        return None
    head = bytes(arrived[: end + len(HEAD_END)])
    if not OF_THIS_HOST.match(head):
        raise Unwelcome(BAD)
    if IN_PIECES.search(head):
        raise Unwelcome(NO_LENGTH)
    lengths = LENGTH.findall(head)
    # More than one, or none that is plain, is for the parser to refuse: it reads no further for that.
    body = int(lengths[0]) if len(lengths) == 1 else 0
    return len(head) + (body if body <= LARGEST_FORM else 0)
