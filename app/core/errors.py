"""One page for every refusal and failure: what happened, and what to do."""

import logging

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.extensions import db

log = logging.getLogger(__name__)

SENTENCES = {
    400: ("That request could not be read", "Go back, check what was entered, and try again."),
    401: ("Please log in", "This page is for members who are logged in."),
    403: ("This is not yours to open", "Your account may not do this. An administrator can change that."),
    404: ("There is nothing here", "The address may be mistyped, or what stood here has been removed."),
    405: ("That cannot be done this way", "Open the page and use its buttons."),
    413: (
        "That is too large",
        "Files have at most {megabytes} MB. Choose a smaller one or write a shorter text, or ask the "
        "administrator to raise the limit (BOARD_MAX_MB).",
    ),
    429: ("Too many tries", "Wait a few minutes and try again."),
    500: (
        "Something broke on our side",
        "It has been written to the log. Nothing you entered was half-stored.",
    ),
    503: ("This part is away for the moment", "It comes back by itself; try again in a few seconds."),
}


def init_app(app: Flask) -> None:
    """Show our page for each error, whichever part raised it."""
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _show)
    app.register_error_handler(Exception, _broken)


def _form_too_old(error: CSRFError) -> ResponseReturnValue:
    return _page(400, "This form is no longer valid", "Reload the page and send it again: you may have logged in anew.")


def _show(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    title, advice = SENTENCES.get(code, SENTENCES[400])
    return _page(code, title, advice.format(megabytes=current_app.config["BOARD_MAX_MB"]))


def _broken(error: Exception) -> ResponseReturnValue:
    log.exception("%s %s failed", request.method, request.path)
    db.session.rollback()
    return _page(500, *SENTENCES[500])


def _page(code: int, title: str, advice: str) -> ResponseReturnValue:
    return render_template("errors/page.html", code=code, title=title, advice=advice), code
