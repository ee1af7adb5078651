"""The built files of the code editor, sent packed, under an address that changes with them and so is kept for good."""

from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request, send_from_directory, url_for

YEAR_SECONDS = 365 * 24 * 3600
TYPES = {
    "editor.js": "text/javascript",
    "editor.worker.js": "text/javascript",
    "editor.css": "text/css",
    "codicon.ttf": "font/ttf",
}

bp = Blueprint("editor", __name__)


def init_app(app: Flask) -> None:
    """Register the files' address."""
    app.register_blueprint(bp)


def editor_url(name: str) -> str | None:
    """Where a file of the editor as it was built is; None before it was."""
    digest = next((folder.name for folder in _home().glob("*") if folder.is_dir()), None)
    return url_for("editor.show", digest=digest, name=name) if digest else None


@bp.get("/editor/<digest>/<name>")
def show(digest: str, name: str) -> Response:
    """One of the files, packed for whoever can unpack it."""
    if name not in TYPES:
        abort(404)
    is_packed = request.accept_encodings["gzip"] > 0
    stored = f"{digest}/{name}.gz" if is_packed else f"{digest}/{name}"
    response = send_from_directory(_home(), stored, mimetype=TYPES[name], max_age=YEAR_SECONDS)
    response.cache_control.immutable = True
    response.vary.add("Accept-Encoding")
    if is_packed:
        response.content_encoding = "gzip"
    return response


def _home() -> Path:
    return Path(current_app.static_folder or "") / "vendor" / "editor"
