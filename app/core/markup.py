"""Text that people write: Markdown with mathematics to HTML that can do no harm, by pandoc and nh3.

Converted when it is saved, never when it is read: pandoc is a program of its own, some 20 ms a text.
"""

import logging
import re
import subprocess
from collections.abc import Mapping
from functools import cache, lru_cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

import nh3

log = logging.getLogger(__name__)

SECONDS = 5
MOST_MEMORY = ("+RTS", "-M256m", "-RTS")
LONGEST_HTML = 2_000_000  # characters
FORMAT = "commonmark+tex_math_dollars+pipe_tables+strikeout"
FILTER = Path(__file__).with_name("markup.lua")
LATEX_FILTER = Path(__file__).with_name("latex.lua")
HEADING = re.compile(r"(</?h)([1-6])\b")
ALIGNED = re.compile(r'(?<=<t[dh] )style="text-align: (center|right);"')  # by a style, which our pages forbid


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


TAGS = _names(
    "a blockquote br code del div em h1 h2 h3 h4 h5 h6 hr img li ol p pre span strong table tbody td th thead tr ul"
)
# What pandoc writes for formulas, without `annotation`, which repeats their source.
MATHS = _names(
    "math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle "
    "msub msubsup msup mtable mtd mtext mtr munder munderover semantics"
)
MATHS_ATTRIBUTES = _names(
    "accent accentunder columnalign columnspacing depth display displaystyle fence form height largeop linethickness "
    "lspace mathsize mathvariant maxsize minsize movablelimits notation rowspacing rspace scriptlevel separator "
    "stretchy symmetric width"
)
FRAME: dict[str, set[str]] = {
    "class": {"scroll", "whole"},
    "tabindex": {"0"},
    "role": {"group"},
    "aria-label": {"Code", "Table", "Formula"},
}

CELL = {"class": {"align-center", "align-right"}}


class MarkupFault(Exception):
    """A text could not be converted."""


def to_html(source: str, top_heading: int = 2, images: Mapping[str, str] = MappingProxyType({})) -> str:
    """Markdown to sanitised HTML, its largest headings of level `top_heading`; source that defeats pandoc is shown.

    Links may not hand on where they were followed from. Pictures are shown whose names are in `images`, from the
    addresses there; for others stand their words.
    """
    if not source.strip():
        return ""
    try:
        html = _pandoc(source, tuple(images.items()))
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        log.warning("A text of %d characters stays as it was written: %s", len(source), error)
        html = None
    if html is None or len(html) > LONGEST_HTML:
        frame = 'class="scroll" tabindex="0" role="group" aria-label="Code"'
        html = f"<div {frame}><pre>{escape(source)}</pre></div>"
    return _with_headings_from(top_heading, _harmless(ALIGNED.sub(r'class="align-\1"', html)))


def latex_to_markdown(source: str) -> str:
    """LaTeX as the Markdown that `to_html` takes; MarkupFault where pandoc cannot make anything of it."""
    try:
        text = _run("latex", FORMAT, "--lua-filter", LATEX_FILTER, source=source)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise MarkupFault(str(error)) from error
    if not text.strip():
        raise MarkupFault("Nothing came of it.")
    return text


@lru_cache(maxsize=32)  # what is saved was often just previewed
def _pandoc(source: str, images: tuple[tuple[str, str], ...]) -> str:
    shown = [part for name, address in images for part in ("-M", f"image-{name}={address}")]
    return _run(FORMAT, "html", "--mathml", "--lua-filter", FILTER, *shown, source=source)


def _run(given: str, wanted: str, *options: str | Path, source: str) -> str:
    command = [_pandoc_path(), "--sandbox", "--from", given, "--to", wanted, *options]
    command += ["--wrap", "preserve", "--syntax-highlighting", "none", *MOST_MEMORY]
    return subprocess.run(
        command, input=source.encode(errors="replace"), capture_output=True, timeout=SECONDS, check=True
    ).stdout.decode()


@cache
def _pandoc_path() -> Path:
    package = find_spec("pypandoc")
    if package is None or package.origin is None:
        raise RuntimeError("pandoc is missing: install the packages of requirements.txt anew.")
    return Path(package.origin).parent / "files" / "pandoc"


def _harmless(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS | MATHS),
        clean_content_tags={"annotation", "script", "style"},
        attributes={"a": {"href", "title"}, "ol": {"start"}, "img": {"src", "alt"}}
        | {name: set(MATHS_ATTRIBUTES) for name in MATHS},
        tag_attribute_values={"div": FRAME, "span": FRAME, "td": CELL, "th": CELL},
        link_rel="noopener nofollow ugc",
    )


def _with_headings_from(top: int, html: str) -> str:
    # nh3 has written every other "<" as an entity.
    levels = [int(level) for _, level in HEADING.findall(html)]
    if not levels:
        return html
    shift = top - min(levels)
    return HEADING.sub(lambda found: f"{found[1]}{min(int(found[2]) + shift, 6)}", html)
