"""Markdown with mathematics to HTML: what it becomes, what it can never become, and what happens when it cannot be."""

import re

import pytest

from app.core import markup
from app.core.markup import to_html

BECOMES = {
    "nothing": (" \n", ""),
    "words": ("**bold** and ~~gone~~", "<p><strong>bold</strong> and <del>gone</del></p>"),
    "money": ("It costs $5 and $10.", "<p>It costs $5 and $10.</p>"),
    "a link": ("[x](https://e.org)", '<p><a href="https://e.org" rel="noopener nofollow ugc">x</a></p>'),
    "a picture from elsewhere": (
        "![tree](https://e.org/x.png)",
        '<p><a href="https://e.org/x.png" rel="noopener nofollow ugc">tree</a></p>',
    ),
    "a picture from nowhere": ("![](x.png)", "<p>x.png</p>"),
    "headings": ("# A\n\n## B", "<h2>A</h2>\n<h3>B</h3>"),
    "headings that begin low": ("### A\n\n# B", "<h4>A</h4>\n<h2>B</h2>"),
    "a list that begins at 3": ("3. x", '<ol start="3">\n<li>x</li>\n</ol>'),
    "a formula": ("$x<y$", '<p><math display="inline"><semantics><mrow><mi>x</mi><mo>&lt;</mo><mi>y</mi></mrow>'),
    "a formula among signs": (
        "So f($x$), too",
        '<p>So f<span class="whole">(<math display="inline"><semantics><mi>x</mi></semantics></math>),</span> too</p>',
    ),
    "broken mathematics": (r"So $\frac{1$ it is.", r"<p>So $\frac{1$ it is.</p>"),
    "an unknown command": (r"$\foo{1}$", r"<p><span>$\foo{1}$</span></p>"),
    "HTML": ("a <b>c</b>", "<p>a &lt;b&gt;c&lt;/b&gt;</p>"),
    "a block of HTML": ("<div>c</div>", "<p>&lt;div&gt;c&lt;/div&gt;"),
    "a NUL": ("a\0b", "<p>ab</p>"),
}
FRAMED = {"Code": "```python\nx\n```", "Table": "a | b\n--|--\n1 | 2", "Formula": "$$x$$"}
EVIL = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    '[x](https://e.org "><script>alert(1)</script>")',
    r"$\href{javascript:alert(1)}{x}$",
    r"$\text{<script>alert(1)</script>}$",
    r"$\text{<img src=x onerror=alert(1)>}$",
    "```<script>alert(1)</script>\nx\n```",
    "$</annotation><script>alert(1)</script>$",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
)


@pytest.mark.parametrize(("source", "html"), BECOMES.values(), ids=BECOMES)
def test_what_markdown_becomes(source, html):
    assert to_html(source).startswith(html) if html else to_html(source) == ""


@pytest.mark.parametrize("label", FRAMED)
def test_what_is_wide_scrolls_in_a_frame_that_keys_reach(label):
    frame = re.search(r"<(?:div|span) ([^>]+)>", to_html(FRAMED[label]))[1]
    given = ('class="scroll"', f'aria-label="{label}"', 'role="group"', 'tabindex="0"')
    assert [attribute for attribute in given if attribute not in frame] == []


def test_columns_of_tables_stand_as_they_were_written():
    cells = re.findall(r"<t[dh]( .*?)?>", to_html("a | b | c\n:--|:-:|--:\n1 | 2 | 3"))
    assert cells == 2 * ["", ' class="align-center"', ' class="align-right"']


@pytest.mark.parametrize("source", EVIL)
def test_no_markup_does_harm(source):
    html = to_html(source)
    tags = re.findall(r"<[^>]*>", html)
    assert [tag for tag in tags if re.search(r"<(script|img|style)|javascript:|data:|\son\w+=", tag)] == []


@pytest.mark.parametrize(("name", "value"), [("SECONDS", 0.001), ("MOST_MEMORY", ("+RTS", "-M64m", "-RTS"))])
def test_what_defeats_pandoc_is_shown_as_it_was_written(monkeypatch, name, value):
    monkeypatch.setattr(markup, name, value)
    assert to_html("**a** <b>" + "*x* " * 100_000).partition("<pre>")[2].startswith("**a** &lt;b&gt;*x* ")


def test_formulas_have_no_second_reading():
    assert "annotation" not in to_html("$x^2$")


def test_a_picture_is_shown_where_its_address_is_known_and_words_cannot_break_out_of_it():
    addresses = {"a.pdf": "/problems/x/images/a.pdf"}
    html = to_html('![A "b" <i>c</i> & d](a.pdf) ![other](b.png) <img src="a.pdf">', images=addresses)
    assert html.count("<img") == 1
    assert '<img src="/problems/x/images/a.pdf" alt="A &quot;b&quot; ' in html
    assert "other" in html
    assert "&lt;img" in html
