"""What differs between two programs."""

from app.submissions.differences import MOST_LINES, changes


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
    assert [len(changes(one, "a\nb")) for one in ("a\rb", "a\fb")] == [1, 1]


def test_programs_too_long_to_compare_are_not():
    assert changes("x\n" * (MOST_LINES + 1), "y\n") is None


def test_white_space_is_shown_where_it_is_all_that_differs():
    (stretch,) = changes("\tprint(1)\nx = 2\n", "    print(1) \nx = 3\n")
    assert [(change.text, change.is_marked) for change in stretch] == [
        ("→print(1)", True),
        ("x = 2", False),
        ("····print(1)·", True),
        ("x = 3", False),
    ]
