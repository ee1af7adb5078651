"""Which outputs are right: a table."""

import pytest

from app.submissions.checking import Rule, is_right

LINES, TOKENS = Rule("lines"), Rule("tokens")
EXACT, ABSOLUTE = Rule("floats"), Rule("floats", absolute=1e-6)
RELATIVE, EITHER = Rule("floats", relative=1e-6), Rule("floats", absolute=1e-6, relative=1e-3)
HUGE = b"9" * 900_000


@pytest.mark.parametrize(
    ("rule", "output", "answer", "is_good"),
    [
        (LINES, b"", b"", True),
        (LINES, b"1 2\n", b"1 2", True),
        (LINES, b"1 2 \t\r\n\n\n", b"1 2\n", True),
        (LINES, b"1  2\n", b"1 2\n", False),
        (LINES, b" 1 2\n", b"1 2\n", False),
        (LINES, b"1\n\n2\n", b"1\n2\n", False),
        (LINES, b"\n1\n", b"1\n", False),
        (LINES, b"Yes\n", b"yes\n", False),
        (LINES, b"caf\xc3\n", b"caf\xc3\xa9\n", False),
        (LINES, b"caf\xc3\xa9", b"caf\xc3\xa9\n", True),
        (LINES, b"\xff\xfe\x00", b"1\n", False),
        (LINES, b"", b"1\n", False),
        (LINES, b"\n \n", b"", True),
        (TOKENS, b"1\n2   3\n", b"1 2 3", True),
        (TOKENS, b"12 3", b"1 2 3", False),
        (TOKENS, b"1 2", b"1 2 3", False),
        (TOKENS, b"1.0", b"1", False),
        (TOKENS, b"\xc2\xa01", b"1", False),
        (EXACT, b"1.0 2e1", b"1 20", True),
        (EXACT, b"1.0000001", b"1", False),
        (ABSOLUTE, b"0.9999995", b"1", True),
        (ABSOLUTE, b"0.999998", b"1", False),
        (ABSOLUTE, b"1000000.9", b"1000000", False),
        (RELATIVE, b"1000000.9", b"1000000", True),
        (RELATIVE, b"1e-9", b"0", False),
        (EITHER, b"1e-7", b"0", True),
        (EITHER, b"100.05", b"100", True),
        (EITHER, b"100.2", b"100", False),
        (EITHER, b"yes 1", b"yes 1.0000001", True),
        (EITHER, b"Yes 1", b"yes 1", False),
        (EITHER, b"nan", b"NaN", True),
        (EITHER, b"nan", b"1", False),
        (EITHER, b"1", b"nan", False),
        (EITHER, b"inf", b"Infinity", True),
        (EITHER, b"-inf", b"inf", False),
        (EITHER, b"5", b"inf", False),
        (EITHER, b"inf", b"5", False),
        (EITHER, b"1e999", b"inf", True),
        (EITHER, b"1_0", b"10", False),
        (EITHER, b"0x10", b"16", False),
        (EITHER, b"1\xff", b"1", False),
        (EITHER, b"1,5", b"1.5", False),
        (EITHER, HUGE, b"1", False),
        (EITHER, HUGE + b"x", b"1", False),
        (EITHER, b"." + HUGE + b"e" + HUGE + b".", b"1", False),
        (LINES, HUGE, HUGE + b"\n", True),
    ],
)
def test_an_output_is_right_or_not(rule, output, answer, is_good):
    assert is_right(output, answer, rule) is is_good
