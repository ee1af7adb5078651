"""Packages read from ZIPs: what is understood, and a table of those that are refused."""

import pytest

from app.core.archives import FolderFiles
from app.packages.reading import folders_in, opened, read_archive, read_package
from app.packages.sheets import PackageRefused
from ops import starter_set
from tests.packages.make import GOOD, OURS, RIGHT, YAML, changed, picture, zipped


def read(changes=None, *, folder="twice", links=None):
    files = opened(zipped(changed(changes or {}), folder, links))
    return read_archive(files, folders_in(files)[0], "upload.zip")


def test_a_legacy_package_becomes_what_the_form_would_have_said():
    package = read()
    details = package.details
    assert (details.slug, details.title, details.author, details.license) == ("twice", "Twice", "The club", "cc by-sa")
    assert (details.source, details.tags) == ("The club's own", ("arithmetic", "first"))
    assert (details.time_limit_s, package.limit.origin, details.memory_limit_mb) == (1.5, "problem.yaml", 128)
    assert (details.comparison, details.is_case_sensitive) == ("tokens", False)
    assert details.statement.startswith("![](dots.png)\n\n*Dots*\n\nSay *twice* the number $n$.\n\n# Input\n")
    assert [(test.name, test.is_sample, test.read().input) for test in package.tests] == [
        ("1", True, b"21\n"),
        ("9", False, b"8\n"),
        ("10", False, b"5\n"),
    ]
    assert [(one.name, one.mimetype) for one in package.pictures] == [("dots.png", "image/webp")]
    assert [(one.name, one.wanted) for one in package.references] == [
        ("accepted/right.py", "AC"),
        ("wrong_answer/wrong.py", "WA"),
    ]
    assert (package.contradictions, package.doubts) == ((), ())


def test_the_newer_format_has_names_by_language_and_a_validator_by_being_there():
    newer = {
        "problem.yaml": "problem_format_version: 2023-07-draft # or legacy\ntype: pass-fail\n"
        "name: {en: Twice, sv: Dubbelt}\ncredits: {authors: [A, {name: B}]}\nkeywords: [sums, first]\n",
        "problem_statement/problem.tex": None,
        "statement/problem.en.md": "Say twice.\n\n![A dot](./dots.png)\n\n{{nextsample}}\n",
        "statement/problem.sv.tex": r"S\"ag det dubbla: $2n$.",
        "statement/dots.png": picture(),
        "output_validator/check.py": "import sys\nsys.exit(42)\n",
        "data/secret/test_group.yaml": "output_validator_args: [--strict, '2']\n",
    }
    package = read(newer)
    details = package.details
    assert (details.title, details.author, details.tags) == ("Twice", "A, B", ("sums", "first"))
    assert details.statement == "Say twice.\n\n![A dot](dots.png)"
    assert [(one.language, one.title, one.source) for one in package.translations] == [
        ("sv", "Dubbelt", "Säg det dubbla: $2n$.")
    ]
    assert (details.comparison, package.validator.flags) == ("validator", "--strict 2")
    assert (package.limit.seconds, package.limit.multiplier) == (None, 2.0)


def test_what_only_we_ask_for_stands_below_our_own_key():
    details = read({"problem.yaml": YAML + OURS, "starter/python.py": "n = int(input())\n"}).details
    assert (details.difficulty, details.category, details.points) == ("hard", "Arrays", 40)
    assert (details.hints, details.constraints) == (("Sort.", "Hash."), "$n < 9$")
    assert (details.limits["python"].time_factor, details.limits["python"].memory_mb) == (4, 200)
    assert (details.comparison, details.is_case_sensitive) == ("lines", True)
    assert details.starters == {"python": "n = int(input())\n"}


def test_words_are_taken_as_they_are_written():
    package = read({"problem.yaml": "name: 2048\nauthor: No\nlicense: 2020-01-01\nkeywords: [1.10, 0x10, yes]"})
    details = package.details
    assert [doubt for doubt in package.doubts if "calls it “2048”" in doubt]
    assert (details.author, details.license, details.tags) == ("No", "2020-01-01", ("1.10", "0x10", "yes"))


def test_a_caption_of_nothing_is_none():
    package = read({"problem_statement/problem.tex": r"\illustration{0.3}{dots.png}{~} Twice $n$."})
    assert package.details.statement == "![](dots.png)\n\nTwice $n$."


PICTURES = {
    "LaTeX": ({"problem_statement/problem.tex": r"\includegraphics{my dots (1).png} Twice."}, "my dots (1).png"),
    "Markdown": ({"problem_statement/problem.md": "![A dot](my dots.png)\n\nTwice."}, "my dots.png"),
    "Markdown's angles": ({"problem_statement/problem.md": "![](<my dots.png> 'Dots')\n\nTwice."}, "my dots.png"),
    "Markdown's signs": ({"problem_statement/problem.md": "![](my%20dots.png)\n\nTwice."}, "my dots.png"),
}


@pytest.mark.parametrize(("changes", "name"), PICTURES.values(), ids=PICTURES)
def test_a_picture_with_a_space_in_its_name_is_shown_by_another(changes, name):
    package = read({"problem_statement/problem.tex": None, f"problem_statement/{name}": picture(), **changes})
    (shown,) = package.pictures
    assert (" " in shown.name, f"]({shown.name}" in package.details.statement) == (False, True)
    missing = read({"problem_statement/problem.tex": None, **changes})
    assert " dots" not in missing.details.statement  # Markdown would show it as it is written
    assert f"the picture “{name.removesuffix('x')}” is not in" in missing.doubts[0].replace("%20", " ")


def test_of_authors_only_the_names_are_shown():
    details = read({"problem.yaml": "name: Twice\ncredits: {authors: [Ann <ann@example.org>, Ben <3]}"}).details
    assert details.author == "Ann, Ben <3"


LIMITS = {
    "a file of its own": (
        {".timelimit": "3\n", "problem_statement/timelimit.txt": "3", "problem.yaml": "name: a"},
        (3, ".timelimit"),
        0,
    ),
    "in the older place": (
        {"problem_statement/timelimit.txt": "4", "problem.yaml": "name: a"},
        (4, "problem_statement/timelimit.txt"),
        0,
    ),
    "DOMjudge's": (
        {"domjudge-problem.ini": "name = 'a'\ntimelimit='2.5'\n", "problem.yaml": "name: a"},
        (2.5, "domjudge-problem.ini"),
        0,
    ),
    "none": ({"problem.yaml": "name: a\nlimits: {time_multiplier: 3}"}, (None, "measured"), 0),
    "two that differ": ({".timelimit": "3"}, (3, ".timelimit"), 1),
}


@pytest.mark.parametrize(("changes", "limit", "doubts"), LIMITS.values(), ids=LIMITS)
def test_limits_are_read_in_a_fixed_order_and_it_is_said_which_was_used(changes, limit, doubts):
    package = read(changes)
    assert (package.limit.seconds, package.limit.origin) == limit
    assert len([one for one in package.doubts if " s, " in one]) == doubts


FLAGS = {
    "": ("tokens", None, None, False),
    "case_sensitive": ("tokens", None, None, True),
    "case_sensitive space_change_sensitive": ("exact", None, None, True),
    "float_tolerance 1e-4": ("floats", 1e-4, 1e-4, False),
    "float_absolute_tolerance 1e-3 float_relative_tolerance 1e-5": ("floats", 1e-3, 1e-5, False),
}


@pytest.mark.parametrize("flags", FLAGS)
def test_flags_say_how_outputs_are_compared(flags):
    details = read({"problem.yaml": f"{YAML}validator_flags: {flags}\n"}).details
    told = (details.comparison, details.absolute_tolerance, details.relative_tolerance, details.is_case_sensitive)
    assert told == FLAGS[flags]


def test_flags_that_samples_and_hidden_tests_share_are_those_of_all():
    flags = "output_validator_flags: case_sensitive"
    package = read({f"data/{kind}/testdata.yaml": flags for kind in ("sample", "secret")})
    assert (package.details.is_case_sensitive, package.contradictions) == (True, ())


def test_links_are_followed_inside_the_package():
    links = {"data/secret/again": "../sample", "data/secret/11.in": "9.in", "data/secret/11.ans": "./9.ans"}
    package = read(links=links)
    assert [test.name for test in package.tests] == ["1", "9", "10", "11", "again/1"]
    assert [test.read().input for test in package.tests[-2:]] == [b"8\n", b"21\n"]


DOUBTS = {
    "a picture that is not there": (
        {"problem_statement/dots.png": None},
        "line 2: the picture “dots.png”",
    ),
    "a picture that is none": ({"problem_statement/dots.png": "x"}, "line 2: the picture “dots.png” is not shown"),
    "only another language": (
        {"problem_statement/problem.tex": None, "problem_statement/problem.fr.md": "Double."},
        "no statement in English; the one in “fr”",
    ),
    "another folder of verdicts": ({"submissions/slow_ones/a.py": RIGHT}, "submissions/slow_ones/ is no verdict"),
    "another language": ({"submissions/accepted/a.kt": "x"}, "accepted/a.kt is in a language"),
    "several files": ({"submissions/accepted/a/a.py": RIGHT, "submissions/accepted/a/b.py": RIGHT}, "several files"),
    "a header": ({"submissions/accepted/a/a.cpp": "x", "submissions/accepted/a/b.h": "x"}, "a.cpp is one of several"),
    "an editorial in Swedish": ({"solution/solution.sv.md": "x"}, "solution/solution.sv.md is not taken"),
    "a picture of the editorial": ({"solution/solution.en.md": "x\n![P](p.png)"}, "line 2: the picture “p.png” is not"),
    "input validators": ({"input_validators/a.py": "x"}, "input_validators/ is not taken: nothing here checks"),
    "attachments": ({"attachments/a.py": "x"}, "attachments/ is not taken"),
    "hints beside tests": (
        {"data/sample/1.yaml": "hint: a", "data/secret/9.desc": "a"},
        "Files beside the tests are not taken (2, such as data/sample/1.yaml)",
    ),
    "a large sample": ({"data/sample/2.in": b"1" * 40_000, "data/sample/2.ans": "2"}, "2.in is too large"),
    "another title": ({"problem.yaml": "name: Double"}, "calls it “Double”, the statement “Twice”"),
    "a validator that is not asked for": ({"output_validators/a.py": "x"}, "does not say validation: custom"),
    "more than is shown": (
        {"problem.yaml": f"name: Twice\nauthor: {'A' * 200}\nkeywords: {list(range(12))}\nlimits: {{memory: 9000}}"},
        "The memory limit of 9000 MB becomes 2048 MB",
    ),
    "a long title": (
        {"problem.yaml": f"name: {'A' * 300}", "problem_statement/problem.tex": "Say."},
        "The title is cut",
    ),
    "twelve authors": (
        {"problem.yaml": f"name: Twice\nauthor: [{'The nth author, ' * 12}]"},
        "The author is cut to 120",
    ),
    "eleven keywords": (
        {"problem.yaml": f"name: Twice\nkeywords: {list(range(11))}"},
        "Of its 11 keywords 10 are kept",
    ),
    "memory beyond all": ({"problem.yaml": "name: Twice\nlimits: {memory: 1e300}"}, "limit of 1e+300 MB becomes 2048"),
    "two statements in one language": (
        {"problem_statement/problem.en.md": "Twice."},
        "problem_statement/problem.en.md is not taken: problem_statement/problem.tex",
    ),
    "a list of expectations": ({"submissions/submissions.yaml": "{}"}, "submissions/submissions.yaml is not followed"),
    "a file that is drawn in": ({"problem_statement/problem.tex": "a\n\\input{b}"}, "problem.tex, line 2: \\input"),
}


@pytest.mark.parametrize(("changes", "sentence"), DOUBTS.values(), ids=DOUBTS)
def test_what_is_doubtful_is_told_and_read_all_the_same(changes, sentence):
    package = read(changes)
    assert [doubt for doubt in package.doubts if sentence in doubt]
    assert package.details.statement


CONTRADICTIONS = {
    "an input alone": ({"data/secret/9.ans": None}, "data/secret/9.in has no answer"),
    "an answer alone": ({"data/secret/9.in": None}, "data/secret/9.ans is an answer without"),
    "flags for some tests": (
        {"data/secret/g/testdata.yaml": "output_validator_flags: case_sensitive"},
        "g/testdata.yaml, line 1",
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_package_that_contradicts_itself_is_read_with_the_reason(changes, sentence):
    assert [one for one in read(changes).contradictions if sentence in one]


def yaml_of(text):
    return {"problem.yaml": text}


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{number + 1}: &a{number + 1} [{', '.join([f'*a{number}'] * 10)}]\n" for number in range(9)
)
CUSTOM = YAML + "validation: custom\n"
BROKEN = {
    "no problem.yaml": (
        {"problem.yaml": None},
        "problem.yaml: it is missing, so this is no problem package",
    ),
    "a problem.yaml that is none": (yaml_of("a: 1\nb: [1"), "problem.yaml, line 2: it cannot be read"),
    "no keys": (yaml_of("- a"), "problem.yaml, line 1: it holds no keys"),
    "code in YAML": (yaml_of("a: 1\nname: !!python/object/apply:os.getcwd []"), "problem.yaml, line 2: it cannot be"),
    "another coding": (
        {"problem.yaml": b"name: a\nauthor: \xff"},
        "problem.yaml, line 2: this is not",
    ),
    "a giant problem.yaml": (yaml_of("a: " + "x" * 300_000), "more than 256 kB"),
    "many values": (yaml_of(f"keywords: [{'a, ' * 20_000}a]"), "line 1: it cannot be read: it has more than 10,000"),
    "few words that stand for many": (yaml_of(BOMB), "line 2: it cannot be read: aliases (*) are not followed"),
    "a name within itself": (yaml_of("name: &a {en: *a}"), "line 1: it cannot be read: aliases"),
    "a deep file": (yaml_of("name: " + "[" * 9_000), "line 1: it cannot be read: values stand too deep"),
    "a name that is a list": (yaml_of("author: b\nname: [5]"), "line 2: name is ['5'], which makes no sense"),
    "a name of names": (yaml_of("name: {en: {sv: a}}"), "line 1: name is {'sv': 'a'}, which makes no sense"),
    "an author of lists": (yaml_of("author: [[a, b]]"), "line 1: author is ['a', 'b'], which makes no sense"),
    "a keyword with keys": (yaml_of("name: a\nkeywords: [{a: 1}]"), "line 2: keywords is {'a': '1'}, which makes no"),
    "limits that are none": (yaml_of("name: a\nlimits: fast"), "line 2: limits is “fast”"),
    "a limit that is yes": (yaml_of("name: a\nlimits:\n  time_limit: yes"), "line 3: time_limit is “yes”"),
    "a limit below 0": (yaml_of("name: a\nlimits: {time_limit: -1}"), "line 2: time_limit is “-1”"),
    "a limit of an hour": ({".timelimit": "3600"}, ".timelimit: the time limit is 3600 seconds; from 0.1 to 60"),
    "a limit of nothing": (
        yaml_of("name: a\nlimits: {time_limit: 0.01}"),
        "problem.yaml, line 2: the time limit is 0.01",
    ),
    "a limit in words": ({".timelimit": "fast"}, ".timelimit, line 1: “fast” is no number"),
    "an unknown version": (yaml_of("name: a\nproblem_format_version: 2031"), "line 2: version “2031” is not known"),
    "interactive": (yaml_of("name: a\nvalidation: custom interactive"), "line 2: interactive problems are not taken"),
    "scoring": (yaml_of("name: a\ntype: [scoring]"), "line 2: scoring problems are not taken"),
    "scoring, the older way": (yaml_of("validation: custom score"), "line 1: scoring problems are not taken"),
    "several passes": (yaml_of("type: multi-pass"), "line 1: multi-pass problems"),
    "a type of its own": (yaml_of("type: magic"), "line 1: type has “magic”"),
    "an unknown flag": (yaml_of("name: a\nvalidator_flags: by_eye"), "line 2: validator_flags has “by_eye”"),
    "a flag without a number": (yaml_of("validator_flags: float_tolerance"), "line 1: validator_flags has no number"),
    "a tolerance of all": (yaml_of("validator_flags: float_tolerance 7"), "float_tolerance is 7"),
    "no validator": (yaml_of(CUSTOM), "line 7: an output validator of its own is named, but none is in"),
    "a validator in Haskell": ({"problem.yaml": CUSTOM, "output_validators/a.hs": "x"}, "a.hs: an output validator"),
    "a validator with a script": (
        {"problem.yaml": CUSTOM, "output_validators/v/a.py": "x", "output_validators/v/build": "x"},
        "v/build: an output validator is taken in C++",
    ),
    "two validators": (
        {"problem.yaml": CUSTOM, "output_validators/a.py": "x", "output_validators/b.py": "x"},
        "there are 2 output validators",
    ),
    "a validator in no text": (
        {"problem.yaml": CUSTOM, "output_validators/a.py": b"\n\xff"},
        "a.py, line 2: this",
    ),
    "no statement": ({"problem_statement/problem.tex": None}, "there is no statement"),
    "an empty statement": ({"problem_statement/problem.tex": " \n"}, "problem.tex, line 1: it is empty"),
    "only a PDF": (
        {"problem_statement/problem.tex": None, "problem_statement/problem.pdf": "x"},
        "problem.pdf: the statement is there as a PDF only",
    ),
    "a statement in another coding": (
        {"problem_statement/problem.tex": b"a\n\n\xe4"},
        "problem.tex, line 3: this",
    ),
    "no tests": (
        {path: None for path in GOOD if path.startswith("data/")},
        "data/secret: there is no test",
    ),
    "no hidden tests": (
        {path: None for path in GOOD if path.startswith("data/secret/")},
        "data/secret: there is no hidden test",
    ),
    "many samples": (
        {f"data/sample/{number}.{end}": "1" for number in range(21) for end in ("in", "ans")},
        "data/sample: there are more than 20 samples",
    ),
    "many tests": (
        {f"data/secret/{number}.{end}": "1" for number in range(500) for end in ("in", "ans")},
        "data: there are 501 tests",
    ),
    "tests with arguments": ({"data/secret/9.args": "1"}, "data/secret/9.args: a test with arguments"),
    "a long name": (
        {f"data/secret/{'x' * 90}.in": "1", f"data/secret/{'x' * 90}.ans": "1"},
        "at most 80 characters",
    ),
    "points by halves": (yaml_of(f"{YAML}mlbattle: {{points: 1.5}}"), "line 7: points has “1.5”"),
    "a hint with keys": (yaml_of(f"{YAML}mlbattle: {{hints: [{{a: b}}]}}"), "line 7: hints is {'a': 'b'}"),
    "a long statement": (
        {"problem_statement/problem.tex": None, "problem_statement/problem.sv.md": "a " * 30_000},
        "problem_statement/problem.sv.md: it has 59,999 characters; at most 50,000",
    ),
    "a language of many parts": (
        {f"problem_statement/problem.en{'-abcdefgh' * 3}.md": "a"},
        "abcdefgh.md: the tag of a",
    ),
    "a long editorial": ({"solution/solution.en.md": "a" * 50_001}, "solution.en.md: At most 50,000 characters"),
    "long starter code": ({"starter/cpp.cpp": "a" * 20_001}, "starter/cpp: At most 20,000 characters"),
    "a long explanation": ({"data/sample/1.md": "a" * 90_000}, "data/sample/1.md: an explanation has at most"),
    "a test without a name": (
        {"data/secret/%0000.in": "1", "data/secret/%0000.ans": "1"},
        "data/secret/%0000.in: the name of a test",
    ),
    "a test of nothing": ({"data/secret/9.in": "", "data/secret/9.ans": ""}, "9.in: an input may be empty only"),
    "two tests of one name": (
        {f"data/secret/{name}.{end}": "1" for name in ("a b", "a%0020b") for end in ("in", "ans")},
        "data/secret/: two tests have the name “a b”",
    ),
    "too many points": (yaml_of(f"{YAML}mlbattle:\n  points: 5000"), "line 8: points: From 0 to 1000"),
    "a factor beyond all": (
        yaml_of(f"{YAML}mlbattle: {{languages: {{cpp: {{time_factor: 90}}}}}}"),
        "line 7: languages: From",
    ),
    "numbers within nothing": (
        yaml_of(f"{YAML}mlbattle: {{comparison: floats}}"),
        "line 7: comparison: Say by how much",
    ),
    "an unknown key of ours": (yaml_of(f"{YAML}mlbattle:\n  colour: red"), "line 8: mlbattle has “colour”"),
    "an unknown language of ours": (
        yaml_of(f"{YAML}mlbattle: {{languages: {{cobol: {{}}}}}}"),
        "“cobol” is no",
    ),
    "a bomb": ({"data/secret/bomb.in": bytes(201 * 1024 * 1024)}, "too large unpacked: more than 200 MB"),
    "many files": ({f"data/secret/{number}": "" for number in range(5001)}, "files; at most 5,000 are taken"),
    "a name from Windows": ({"data\\9.in": "x"}, "“twice/data\\9.in” is no path"),
    "a way out": ({"../../etc/passwd": "x"}, "is no path that could be unpacked"),
}


@pytest.mark.parametrize(("changes", "sentence"), BROKEN.values(), ids=BROKEN)
def test_what_makes_no_problem_is_refused_with_file_and_line(changes, sentence):
    with pytest.raises(PackageRefused) as refusal:
        read(changes)
    assert sentence in str(refusal.value)


BAD_LINKS = {
    "out of the archive": ({"data/secret/1.in": "../../../../etc/passwd"}, "leads out of the archive"),
    "to the root": ({"data/secret/1.in": "/etc/passwd"}, "leads out of the archive"),
    "out of the package": ({"data/secret/1.in": "../../../other/1.in"}, "leads out of the package"),
    "to nothing": ({"data/secret/1.in": "2.in"}, "which is not in the archive"),
    "in circles": ({"data/secret/1.in": "2.in", "data/secret/2.in": "1.in"}, "in circles"),
}


@pytest.mark.parametrize(("links", "sentence"), BAD_LINKS.values(), ids=BAD_LINKS)
def test_a_link_that_leaves_the_package_is_refused(links, sentence):
    with pytest.raises(PackageRefused, match=sentence):
        files = opened(
            zipped(
                {f"twice/{path}": content for path, content in GOOD.items()} | {"other/1.in": b"1"},
                "",
                {f"twice/{path}": target for path, target in links.items()},
            )
        )
        read_archive(files, "twice", "a.zip")


def test_links_to_one_large_file_count_each():
    large = {"data/secret/big.in": bytes(60 * 1024 * 1024)}
    with pytest.raises(PackageRefused, match="too large unpacked"):
        read(large, links={f"data/secret/{number}.in": "big.in" for number in range(4)})


def test_several_packages_in_one_archive_are_listed():
    files = {f"{name}/{path}": content for name in ("set/one", "set/two") for path, content in GOOD.items()}
    assert folders_in(opened(zipped(files, folder=""))) == ["set/one", "set/two"]


def test_a_problem_yaml_within_a_package_makes_no_second_one():
    inner = {"twice/data/secret/problem.yaml": b"name: a"}
    assert folders_in(opened(zipped({f"twice/{path}": content for path, content in GOOD.items()} | inner, ""))) == [
        "twice"
    ]
    assert folders_in(opened(zipped({**GOOD, "data/problem.yaml": b"name: a"}, ""))) == [""]


def test_a_package_at_the_root_is_called_as_its_file():
    assert read(folder="").details.slug == "upload"


def test_a_folder_in_german_gives_an_address_without_holes():
    assert read(folder="Größe").details.slug == "grosse"


def test_the_litter_of_desktops_is_no_part_of_a_package():
    read({"__MACOSX/data/secret/._9.in": "x", "data/secret/.DS_Store": "x", "data/secret/._9.in": "x"})


def test_a_folder_is_read_alike_and_a_link_out_of_it_is_not_followed(tmp_path):
    for path, content in GOOD.items():
        target = tmp_path / "twice" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    assert read_package("twice", FolderFiles(tmp_path / "twice")).details == read().details


def test_the_starter_set_is_in_this_layout():
    folders = [path.parent for path in starter_set.PROBLEMS.glob("*/problem.yaml")]
    packages = [read_package(folder.name, FolderFiles(folder)) for folder in folders]
    assert len(packages) == 12
    assert [one.details.slug for one in packages if len(one.details.starters) < 4 or len(one.tests) < 10] == []
    assert [one.details.slug for one in packages if one.doubts or one.contradictions] == []
    assert {one.details.comparison for one in packages} == {"lines", "floats"}
