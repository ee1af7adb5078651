"""One open socket: whole frames, never waiting for a slow reader, at most the newest state of each topic."""

import contextlib
import socket
import struct
import threading
import time

from app.core.live.frames import PING, Frame, close_frame

CONTROL_BYTES = 4096  # of pongs and the like that a reader may leave lying; more is an attack
KERNEL_BUFFER_BYTES = 128 * 1024
FORGET_UNSENT = struct.pack("ii", 1, 0)


class Client:
    """Stands in for the server's socket inside simple-websocket, so that its pongs never cut our frames."""

    def __init__(self, sock: socket.socket, window: int | None) -> None:
        self.heard_at = time.monotonic()
        self._sock = sock
        # A gevent socket waits for room when it sends; the plain one beneath can be asked not to.
        self._plain_sock: socket.socket = getattr(sock, "_sock", sock)
        self._window = window
        self._lock = threading.Lock()
        self._open = True
        self._rest = memoryview(b"")
        self._control = b""
        self._waiting: dict[str, Frame] = {}
        with contextlib.suppress(OSError):  # a reader already gone is noticed by recv
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER_BYTES)

    # What simple-websocket calls.

    def send(self, data: bytes) -> None:
        """Queue a handshake, pong or close answer behind the frame under way."""
        with self._lock:
            self._control += data
            if len(self._control) > CONTROL_BYTES:
                self._abort()
            self._flush()

    def recv(self, size: int) -> bytes:
        """Wait for bytes; b"" when the connection is over."""
        data = self._sock.recv(size)
        self.heard_at = time.monotonic()
        return data

    def close(self) -> None:
        """End both directions. The descriptor stays the web server's, which closes it after the request."""
        with self._lock:
            self._shut()

    # What the hub calls.

    def push(self, topic: str, frame: Frame) -> bool:
        """Send `frame` as the newest of `topic`; False when some of it has to wait for the reader."""
        with self._lock:
            if self._open:
                self._waiting[topic] = frame
            return self._flush()

    def flush(self) -> bool:
        """Send on what waits; True when nothing is left."""
        with self._lock:
            return self._flush()

    def ping(self) -> None:
        """Ask for a sign of life. A reader that owes us room will be missed by its silence instead."""
        with self._lock:
            if not self._stalled():
                self._control += PING
                self._flush()

    def end(self, code: int) -> None:
        """Close with `code`; a reader stuck inside a frame is cut off instead."""
        with self._lock:
            if self._stalled():
                self._abort()
            elif self._open:
                self._control += close_frame(code)
                self._flush()
                self._shut()

    def _stalled(self) -> bool:
        return bool(self._rest or self._control)

    def _flush(self) -> bool:
        while self._open and self._load():
            sent = self._try_send()
            if not sent:
                return not self._open
            self._rest = self._rest[sent:]
        return True

    def _load(self) -> bool:
        """Make `_rest` the bytes to send next: what is under way, then control frames, then the waiting."""
        if not self._rest and self._control:
            self._rest, self._control = memoryview(self._control), b""
        elif not self._rest and self._waiting:
            frame = self._waiting.pop(next(iter(self._waiting)))
            self._rest = memoryview(frame.form(self._window))
        return bool(self._rest)

    def _try_send(self) -> int:
        try:
            return self._plain_sock.send(self._rest, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return 0
        except OSError:  # the reader has gone
            self._shut()
            return 0

    def _abort(self) -> None:
        with contextlib.suppress(OSError):  # gone already
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, FORGET_UNSENT)
        self._shut()

    def _shut(self) -> None:
        self._open = False
        self._rest, self._control = memoryview(b""), b""
        self._waiting.clear()
        with contextlib.suppress(OSError):  # the other side was first
            self._sock.shutdown(socket.SHUT_RDWR)
