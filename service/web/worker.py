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
from dataclasses import dataclass
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from service.web.security import LARGEST_FORM

ARRIVAL, HANG_UP, STOPPING = 30.0, 2.0, 2.0
"""Seconds that a whole request may take to arrive, a client to hang up, and both once the worker stops."""

LARGEST_HEAD = 32_768
"""Bytes before the body; a browser with our one cookie sends a few hundred."""

MOST_HELD = 64 * LARGEST_FORM
"""Bytes of requests that have not wholly arrived, in one process."""

REST = 0.05
"""Seconds a thread spends on what is left of a body that nobody read."""

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


@dataclass
class _Waiting:
    """Until when a connection may stay in the loop, and what has arrived of its request."""

    until: float
    arrived: bytearray


class PatientWorker(ThreadWorker):
    """A threaded worker whose loop reads requests, so that its threads never wait for a client."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: dict[TConn, _Waiting] = {}
        self._held = 0
        self._next_sweep = 0.0

    def enqueue_req(self, conn: TConn) -> None:
        """Wait for a whole request: on a new connection, on a kept one, and on one that has sent ahead."""
        if conn.parser is None:
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ANSWER_BUFFER)
        self._wait(conn, ARRIVAL, partial(self._gather, conn))
        ahead = conn.parser.unreader.take_buffered() if conn.parser else b""
        if ahead:
            self._take_in(conn, ahead)

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
        for conn, waiting in list(self._waiting.items()):
            if waiting.until <= now:
                self._close(conn)
            elif not self.alive:
                waiting.until = min(waiting.until, now + STOPPING)

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        """Whether the connection can be used again: not when a body that was refused is still on its way."""
        return bool(keepalive and conn.parser.finish_body(deadline=time.monotonic() + REST))

    def _gather(self, conn: TConn, sock: socket.socket) -> None:
        piece = _received(sock)
        if piece == b"":
            self._close(conn)
        elif piece:
            self._take_in(conn, piece)

    def _take_in(self, conn: TConn, piece: bytes) -> None:
        arrived = self._waiting[conn].arrived
        arrived += piece
        self._held += len(piece)
        try:
            size = size_of_first(arrived)
        except Unwelcome as unwelcome:
            self._answer_and_hang_up(conn, unwelcome.status)
            return
        if size is not None and len(arrived) >= size:
            self._hand_over(conn, bytes(arrived))
        elif self._held > MOST_HELD:
            # Whoever means well has sent little that is not handed over yet.
            self._close(max(self._waiting, key=lambda each: len(self._waiting[each].arrived)))

    def _hand_over(self, conn: TConn, arrived: bytes) -> None:
        self._leave(conn)
        conn.init()
        conn.parser.unreader.unread(arrived)
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
            self._wait(conn, HANG_UP, partial(self._drain, conn))
        except OSError:
            self._close(conn)

    def _drain(self, conn: TConn, sock: socket.socket) -> None:
        if _received(sock) == b"":
            self._close(conn)

    def _wait(self, conn: TConn, seconds: float, readable: Callable[[socket.socket], None]) -> None:
        conn.sock.setblocking(False)
        self._waiting[conn] = _Waiting(time.monotonic() + seconds, bytearray())
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)

    def _leave(self, conn: TConn) -> None:
        waiting = self._waiting.pop(conn, None)
        if waiting is not None:
            self._held -= len(waiting.arrived)
            self.poller.unregister(conn.sock)

    def _close(self, conn: TConn) -> None:
        self._leave(conn)
        self.nr_conns -= 1
        conn.close()


def _received(sock: socket.socket) -> bytes | None:
    """What has come; nothing at the end of it, and None when there is nothing yet."""
    try:
        return sock.recv(LARGEST_HEAD)
    except BlockingIOError:
        return None
    except OSError:
        return b""


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
