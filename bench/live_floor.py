"""The floor: a raw asyncio server that writes one ready frame to every socket for each line on its input.

Usage: python -m bench.live_floor PORT < lines, the first of them the path of a file that holds the frame.
"""

import asyncio
import sys
from pathlib import Path

ACCEPTED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"


class Socket(asyncio.Protocol):
    """Answers any handshake."""

    transports: list[asyncio.Transport] = []  # noqa: RUF012 - one list for the one server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.transports.append(transport)

    def data_received(self, data: bytes) -> None:
        """Only the handshake ever comes."""
        self.transport.write(ACCEPTED)


async def main(port: int) -> None:
    """Serve until the input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Socket, "127.0.0.1", port, backlog=2048)
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    frame = Path((await lines.readline()).decode().strip()).read_bytes()
    print("ready", flush=True)
    while await lines.readline():
        for transport in Socket.transports:
            transport.write(frame)
    server.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
