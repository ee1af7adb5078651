"""Programs in colours: by classes, since the site allows no inline style."""

from functools import lru_cache

from markupsafe import Markup, escape
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, String
from pygments.util import ClassNotFound

LONGEST = 64 * 1024  # characters; a longer one stays plain
CLASSES = {
    Comment.Preproc: "code-word",
    Comment.PreprocFile: "code-text",
    Comment: "code-comment",
    Keyword: "code-word",
    Number: "code-number",
    String: "code-text",
    Name.Builtin: "code-name",
    Name.Function: "code-name",
    Name.Class: "code-name",
}


@lru_cache(maxsize=64)
def highlighted(source: str, language: str) -> tuple[Markup, ...]:
    """The lines of a program as HTML; plain where the language, by Pygments' name, is not known."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False) if len(source) <= LONGEST else None
    except ClassNotFound:
        lexer = None
    if lexer is None:
        return tuple(escape(line) for line in source.splitlines())
    text = Markup().join(_coloured(kind, value) for kind, value in lexer.get_tokens(source))
    return tuple(Markup(line) for line in text.split("\n"))[: len(source.splitlines())]  # noqa: S704 - escaped above


def _coloured(kind: object, text: str) -> Markup:
    name = next((name for known, name in CLASSES.items() if kind in known), None)
    if name is None:
        return escape(text)
    # A span ends with its line: each line is an element of its own.
    parts = (Markup('<span class="{}">{}</span>').format(name, part) if part else "" for part in text.split("\n"))
    return Markup("\n").join(parts)
