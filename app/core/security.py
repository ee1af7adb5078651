"""Headers of every answer, and where a visitor may be sent on to."""

from urllib.parse import urlsplit

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Pico draws the glyphs of selects and checkboxes from data: addresses
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def init_app(app: Flask) -> None:
    """Add the headers to every answer."""
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if response.mimetype == "text/html":
        response.vary.add("HX-Request")
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def safe_path(target: str | None, otherwise: str) -> str:
    """`target` if it is a path on this site, else `otherwise`; a browser takes `//x` and `/\\x` for other sites."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return otherwise
    parts = urlsplit(target)
    is_plain = not parts.scheme and not parts.netloc and target.isprintable() and "\\" not in target
    return target if is_plain else otherwise


def wants_fragment() -> bool:
    """Whether htmx asks for a part of the page; a boosted link wants the whole."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
