"""An output beside its answer: marked is what makes it wrong, and nothing else."""

import pytest

from app.submissions.beside import SHOWN_LINES, compared
from app.submissions.checking import Rule

CUT = "\n… (834,466 bytes more)"
LINES, TOKENS, EXACT = Rule("lines"), Rule("tokens"), Rule("exact")
CLOSE = Rule("floats", absolute=1e-6)
ANY_CASE = Rule("lines", is_case_sensitive=False)
SIDES = {
    "the same": (LINES, "1\n2\n", "1\n2\n", []),
    "no line end": (LINES, "1\n2\n", "1\n2", []),
    "white space at ends of lines": (LINES, "1\n2\n", "1 \n2\t\n\n", []),
    "another line": (LINES, "1\n2\n", "1\n3\n", [(2, "2", "3")]),
    "nothing printed": (LINES, "1\n", "", [(1, "1", None)]),
    "a line too many": (LINES, "1\n", "1\n2\n", [(2, None, "2")]),
    "two spaces": (LINES, "a b\n", "a  b\n", [(1, "a b", "a··b")]),
    "a space before": (LINES, "a\n", " a\n", [(1, "a", "·a")]),
    "a tab": (LINES, "a b\n", "a\tb\n", [(1, "a b", "a→b")]),
    "another white space at the end": (LINES, "a\n", "a\u00a0\n", [(1, "a", "a\u00a0")]),
    "letters": (LINES, "Yes\n", "YES\n", [(1, "Yes", "YES")]),
    "letters that are alike": (ANY_CASE, "Yes\n", "YES\n", []),
    "words in other lines": (TOKENS, "1 2\n3\n", "1\n2 3\n", []),
    "another word": (TOKENS, "1 2\n3\n", "1\n5 3\n", [(1, "1 2", "1"), (2, "3", "5 3")]),
    "numbers that are close": (CLOSE, "1.5\n2\n", "1.50000001\n2.0\n", []),
    "a number too far": (CLOSE, "1.5\n2\n", "1.50000001\n2.1\n", [(2, "2", "2.1")]),
    "exactly the same": (EXACT, "3 \n", "3 \n", []),
    "exactly, but a space": (EXACT, "3 \n", "3\n", [(1, "3·⏎", "3⏎")]),
    "exactly, but the line end": (EXACT, "3\n", "3", [(1, "3⏎", "3")]),
    "exactly, but one line": (EXACT, "3\n", "3\n\n", [(2, None, "⏎")]),
    "no rule": (None, "1\n", "2\n", []),
    "cut": (LINES, "12\n3\n", f"1{CUT}", []),
    "cut after another line": (LINES, "2\n3\n", f"1{CUT}", [(1, "2", "1")]),
    "an answer that is cut": (LINES, f"1{CUT}", "1\n2\n", []),
    "cut within a word": (CLOSE, "2 12\n3\n", f"2 1{CUT}", []),
}


@pytest.mark.parametrize("case", SIDES)
def test_what_makes_an_output_wrong_is_marked_with_its_white_space(case):
    rule, expected, got, wanted = SIDES[case]
    differing = [line for line in compared(expected, got, rule).lines if line.differing]
    assert [(line.number, line.expected, line.got) for line in differing] == wanted


def test_of_words_that_differ_only_their_own_lines_are_marked():
    lines = compared("1 2\n3\n", "1\n5 3\n", TOKENS).lines
    assert [set(line.differing) for line in lines] == [{"expected"}, {"got"}]


def test_that_an_output_was_cut_is_no_line_of_it():
    comparison = compared("1\n", f"1{CUT}", LINES)
    assert (len(comparison.lines), comparison.more, comparison.has_differences) == (1, {"got": "834,466"}, False)


def test_of_a_long_output_the_lines_around_the_first_difference_are_shown():
    expected = "".join(f"{number}\n" for number in range(1, 1001))
    comparison = compared(expected, expected.replace("\n500\n", "\nx\n"), LINES)
    assert comparison.total == 1000
    assert len(comparison.lines) == SHOWN_LINES
    assert comparison.lines[0].number == 497
    assert not comparison.has_marks
