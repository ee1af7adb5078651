"""What differs between an output and its answer, and between two programs."""

import pytest

from app.submissions.differences import MOST_LINES, SHOWN_LINES, changes, compared

SIDES = {
    "the same": ("1\n2\n", "1\n2\n", []),
    "no line end": ("1\n2\n", "1\n2", []),
    "white space at ends of lines": ("1\n2\n", "1 \n2\t\n\n", []),
    "another line": ("1\n2\n", "1\n3\n", [(2, "2", "3")]),
    "nothing printed": ("1\n", "", [(1, "1", None)]),
    "a line too many": ("1\n", "1\n2\n", [(2, None, "2")]),
    "two spaces": ("a b\n", "a  b\n", [(1, "a b", "a··b")]),
    "a space before": ("a\n", " a\n", [(1, "a", "·a")]),
    "a tab": ("a b\n", "a\tb\n", [(1, "a b", "a→b")]),
}


@pytest.mark.parametrize("case", SIDES)
def test_lines_that_differ_stand_side_by_side_with_their_white_space_marked(case):
    expected, got, wanted = SIDES[case]
    differing = [line for line in compared(expected, got).lines if not line.is_same]
    assert [(line.number, line.expected, line.got) for line in differing] == wanted


def test_of_a_long_output_the_lines_around_the_first_difference_are_shown():
    expected = "".join(f"{number}\n" for number in range(1, 1001))
    comparison = compared(expected, expected.replace("\n500\n", "\nx\n"))
    assert comparison.total == 1000
    assert len(comparison.lines) == SHOWN_LINES
    assert comparison.lines[0].number == 497
    assert not comparison.has_marks


def test_what_changed_between_two_programs_is_told_line_by_line():
    old, new = "a\nb\nc\n", "a\nB\nc\nd\n"
    (stretch,) = changes(old, new)
    told = [(change.sign, change.old_number, change.new_number, change.text) for change in stretch]
    assert told == [
        (" ", 1, 1, "a"),
        ("-", 2, None, "b"),
        ("+", None, 2, "B"),
        (" ", 3, 3, "c"),
        ("+", None, 4, "d"),
    ]
    assert changes(old, old) == []


def test_programs_too_long_to_compare_are_not():
    assert changes("x\n" * (MOST_LINES + 1), "y\n") is None
