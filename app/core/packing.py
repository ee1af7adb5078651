"""What is sent is packed on its way, as the browser can unpack it."""

from flask import Flask, Response, request

from app.extensions import compress

PACKED = ["text/html", "text/css", "text/javascript", "text/csv", "text/calendar", "application/json", "image/svg+xml"]


def init_app(app: Flask) -> None:
    """Pack every answer that is text."""
    app.config |= {"COMPRESS_MIMETYPES": PACKED, "COMPRESS_LEVEL": 9}
    compress.init_app(app)
    app.after_request(_read_file)  # the last that is registered is the first to be called


def _read_file(response: Response) -> Response:
    # Packed bit by bit, a file would be left open; those of a page are small.
    if request.endpoint == "static":
        response.direct_passthrough = False
        response.make_sequence()
    return response
