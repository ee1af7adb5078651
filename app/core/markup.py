"""Text that people write: Markdown to HTML that can do no harm."""

import nh3
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").enable("strikethrough")


def to_html(source: str) -> str:
    """Markdown to sanitised HTML; links may not hand on where they were followed from."""
    return nh3.clean(_markdown.render(source), link_rel="noopener nofollow ugc")
