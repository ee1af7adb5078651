"""The forms of problems and their tests."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    FieldList,
    FloatField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.core.forms import FileForm, TextForm
from app.core.text import LONGEST_SLUG, many_lines, program_text
from app.problems.case_service import LONGEST_EXPLANATION, case_version_of
from app.problems.languages import LANGUAGES
from app.problems.models import DIFFICULTIES, Problem, TestCase
from app.problems.pairs import LONGEST_NAME, Pair
from app.problems.service import (
    LONGEST,
    MOST_HINTS,
    SAME,
    UNCHANGED,
    WORDS,
    LimitDetails,
    ProblemDetails,
    details_of,
    version_of,
)

COMPARISON_NAMES = (
    SelectChoice("lines", "line by line, white space at their ends does not count"),
    SelectChoice("tokens", "word by word, white space does not count at all"),
    SelectChoice("floats", "word by word, and numbers may be off by a little"),
    SelectChoice("exact", "exactly, with all white space"),
    SelectChoice("validator", "by its own output validator, which came with a package"),
)


def plain_lines(text: str | None) -> str:
    """What a browser sends, with one mark for each line end: so it is counted as it is stored."""
    return many_lines(text or "")


def plain_program(text: str | None) -> str:
    """The same for a program, whose white space counts."""
    return program_text(text or "")


class ProblemForm(TextForm):
    """All that an organiser says about a problem but its tests; the service has the last word.

    It has three more fields for each language: `python_starter`, `python_factor`, `python_memory_mb`, ...
    """

    title = StringField("Title", [DataRequired("Give the problem a title."), Length(max=LONGEST["title"])])
    slug = StringField("Address", [Optional(), Length(max=LONGEST_SLUG)])
    difficulty = SelectField(
        "Difficulty", [InputRequired()], choices=[SelectChoice(name, name) for name in DIFFICULTIES]
    )
    category = StringField("Category", [Length(max=LONGEST["category"])])
    points = IntegerField("Points", [InputRequired("How many points does it give?")], default=10)
    author = StringField("Author", [Length(max=LONGEST["author"])])
    source = StringField("Where it comes from", [Length(max=LONGEST["source"])])
    license = StringField("License", [Length(max=LONGEST["license"])])
    language = StringField("Language of the statement", [Length(max=LONGEST["language"])], default="en")
    tags = StringField("Tags", [Length(max=500)])
    statement = TextAreaField("Statement", [Length(max=LONGEST["statement"])], filters=[plain_lines])
    constraints = TextAreaField("Constraints", [Length(max=LONGEST["constraints"])], filters=[plain_lines])
    hints = FieldList(
        TextAreaField("Hint", filters=[plain_lines]),
        "Hints",
        min_entries=1,
        max_entries=MOST_HINTS,
    )
    editorial = TextAreaField("Editorial", [Length(max=LONGEST["editorial"])], filters=[plain_lines])
    time_limit_s = FloatField("Time limit in seconds", [InputRequired("How long may a program run?")], default=1.0)
    memory_limit_mb = IntegerField("Memory in MB", [InputRequired("How much memory may it take?")], default=256)
    comparison = SelectField("Outputs are compared", [InputRequired()], choices=list(COMPARISON_NAMES))
    is_case_sensitive = BooleanField("Capital and small letters differ", default=True)
    absolute_tolerance = FloatField("Off by at most", [Optional()])
    relative_tolerance = FloatField("Off by at most this part of the number", [Optional()])
    seen = HiddenField()

    def details(self) -> ProblemDetails:
        """What was entered, for the service."""
        words = ("title", "slug", *WORDS, "statement", "constraints", "editorial")
        told: dict[str, Any] = {name: self[name].data for name in UNCHANGED}
        told |= {name: self[name].data or "" for name in words}
        return ProblemDetails(
            **told,
            language=self.language.data or "en",
            hints=tuple(hint or "" for hint in self.hints.data),
            tags=tuple((self.tags.data or "").split(",")),
            absolute_tolerance=self.absolute_tolerance.data,
            relative_tolerance=self.relative_tolerance.data,
            starters={key: self[f"{key}_starter"].data or "" for key in LANGUAGES},
            limits={key: LimitDetails(self[f"{key}_factor"].data, self[f"{key}_memory_mb"].data) for key in LANGUAGES},
        )

    @classmethod
    def of(cls, problem: Problem) -> "ProblemForm":
        """The form filled with what is stored, and room for one more hint."""
        told = details_of(problem)
        return cls(
            **{name: getattr(told, name) for name in (*SAME, "statement", "constraints", "editorial")},
            seen=version_of(problem),
            tags=", ".join(told.tags),
            hints=[*told.hints, ""][:MOST_HINTS],
            **{f"{key}_starter": code for key, code in told.starters.items()},
            **{f"{key}_factor": limit.time_factor for key, limit in told.limits.items()},
            **{f"{key}_memory_mb": limit.memory_mb for key, limit in told.limits.items()},
        )


for _key, _language in LANGUAGES.items():
    setattr(ProblemForm, f"{_key}_starter", TextAreaField(f"Starter code in {_language.name}", filters=[plain_program]))
    setattr(ProblemForm, f"{_key}_factor", FloatField(f"Time factor of {_language.name}", [Optional()]))
    setattr(ProblemForm, f"{_key}_memory_mb", IntegerField(f"Memory in MB for {_language.name}", [Optional()]))


class PreviewForm(TextForm):
    """What a preview shows."""

    statement = TextAreaField(validators=[Length(max=LONGEST["statement"])], filters=[plain_lines])
    constraints = TextAreaField(validators=[Length(max=LONGEST["constraints"])], filters=[plain_lines])
    editorial = TextAreaField(validators=[Length(max=LONGEST["editorial"])], filters=[plain_lines])


class TestForm(FileForm):
    """A test: its data as text, or as files, which count more."""

    __test__ = False  # pytest would take it for tests

    name = StringField("Name", [Length(max=LONGEST_NAME)])
    is_sample = BooleanField("A sample, which everybody sees")
    input = TextAreaField("Input")
    input_file = FileField("Input as a file")
    answer = TextAreaField("Answer")
    answer_file = FileField("Answer as a file")
    explanation = TextAreaField("Explanation", [Length(max=LONGEST_EXPLANATION)], filters=[plain_lines])
    seen = HiddenField()

    def pair(self) -> Pair:
        """What was entered, for the service."""
        return Pair(
            name=self.name.data or "",
            is_sample=self.is_sample.data,
            input=_data(self.input, self.input_file),
            answer=_data(self.answer, self.answer_file),
            explanation=self.explanation.data or "",
        )

    @property
    def has_input(self) -> bool:
        """Whether there is a new input in it."""
        return bool(self.input_file.data or self.input.data)

    @property
    def has_answer(self) -> bool:
        """Whether there is a new answer in it."""
        return bool(self.answer_file.data or self.answer.data)

    @classmethod
    def of(cls, test: TestCase) -> "TestForm":
        """The form for a test that is there; its data is left as it is where nothing is entered."""
        told = {"name": test.name, "is_sample": test.is_sample, "explanation": test.explanation_source}
        return cls(**told, seen=case_version_of(test))


class ZipForm(FileForm):
    """Tests in a ZIP."""

    file = FileField("ZIP file", [FileRequired("Choose a ZIP file.")])


def _data(text: TextAreaField, file: FileField) -> bytes:
    if file.data:
        return file.data.read()
    typed = (text.data or "").replace("\r\n", "\n")
    return (typed if typed.endswith("\n") or not typed else typed + "\n").encode()
