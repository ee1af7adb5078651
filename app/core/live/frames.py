"""WebSocket frames made by hand, so that one compressed frame serves every socket (RFC 6455 and 7692)."""

import struct
import zlib

NORMAL_TEXT = 0x81  # the final frame of a text message
COMPRESSED_TEXT = 0xC1  # the same with RSV1: the payload is deflated
CLOSE = 0x88
PING = b"\x89\x00"

WIDEST_WINDOW = 15
NARROWEST_WINDOW = 9  # zlib cannot write raw deflate for a window of 8 bits


class Frame:
    """One text message as bytes ready for the wire; each form is made once and shared."""

    def __init__(self, html: bytes) -> None:
        self._html = html
        self._forms: dict[int | None, bytes] = {}

    def form(self, window: int | None) -> bytes:
        """The frame for a socket with a deflate window of `window` bits; None: without compression."""
        if window not in self._forms:
            self._forms[window] = _plain(self._html) if window is None else _deflated(self._html, window)
        return self._forms[window]


def close_frame(code: int) -> bytes:
    """A close frame with a status code and no words."""
    return struct.pack("!BBH", CLOSE, 2, code)


def offered_window(extensions: str) -> int | None:
    """Bits of the deflate window a client offers in its Sec-WebSocket-Extensions; None: it offers none."""
    for offer in extensions.split(","):
        name, *parameters = (part.strip() for part in offer.split(";"))
        if name != "permessage-deflate":
            continue
        asked = dict(map(_parameter, parameters)).get("server_max_window_bits", str(WIDEST_WINDOW))
        if asked.isdecimal() and NARROWEST_WINDOW <= int(asked) <= WIDEST_WINDOW:
            return int(asked)
    return None


def accepted_offer(window: int) -> str:
    """The offer to put in place of the client's, so that what is negotiated fits shared frames."""
    offer = "permessage-deflate; server_no_context_takeover"
    return offer if window == WIDEST_WINDOW else f"{offer}; server_max_window_bits={window}"


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip().strip('"')


def _plain(html: bytes) -> bytes:
    return _header(NORMAL_TEXT, len(html)) + html


def _deflated(html: bytes, window: int) -> bytes:
    deflate = zlib.compressobj(wbits=-window)
    packed = deflate.compress(html) + deflate.flush(zlib.Z_SYNC_FLUSH)
    payload = packed.removesuffix(b"\x00\x00\xff\xff")
    return _header(COMPRESSED_TEXT, len(payload)) + payload


def _header(first: int, length: int) -> bytes:
    if length < 126:
        return struct.pack("!BB", first, length)
    if length < 1 << 16:
        return struct.pack("!BBH", first, 126, length)
    return struct.pack("!BBQ", first, 127, length)
