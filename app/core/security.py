"""Headers of every answer, and where a visitor may be sent on to."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, make_response, request
from flask.sessions import SecureCookieSessionInterface

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
WITH_INLINE_STYLE = CONTENT_SECURITY_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
SAME_FOR_ALL = ("static", "editor.show")  # endpoints of files that are nobody's own


class Sessions(SecureCookieSessionInterface):
    """Keeps cookies out of the answers that are the same for all: caches would hold one for each cookie."""

    def save_session(self, app: Flask, *of_request: Any) -> None:
        """Store the session, where the answer may depend on it."""
        if request.endpoint not in SAME_FOR_ALL:
            super().save_session(app, *of_request)


def init_app(app: Flask) -> None:
    """Add the headers to every answer."""
    app.session_interface = Sessions()
    app.after_request(_add_headers)


def allow_inline_style() -> None:
    """Relax this one answer: the code editor writes its colours into the page. Scripts stay as forbidden as ever."""
    g.allows_inline_style = True


def _add_headers(response: Response) -> Response:
    policy = WITH_INLINE_STYLE if g.get("allows_inline_style") else CONTENT_SECURITY_POLICY
    response.headers.setdefault("Content-Security-Policy", policy)
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


def unstored(page: str, status: int = 200) -> Response:
    """An answer that no cache may keep: it carries a secret."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
