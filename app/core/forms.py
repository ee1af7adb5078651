"""What a form takes from a request: text for its fields, and a file only where it asks for one.

FlaskForm itself would hand an uploaded file, or a list out of JSON, to fields that expect text.
"""

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import Field, FileField

from app.core.refusal import Refused

OUR_WORDS = {
    "Not a valid float value.": "Give a number, such as 1.5.",
    "Not a valid integer value.": "Give a whole number, such as 10.",
    "Not a valid choice.": "Choose one of those that are offered.",
    "This field is required.": "Fill this in.",
    "Field cannot be longer than %(max)d characters.": "At most %(max)d characters.",
}


class OurWords:
    """What the library would say, as the rest of the site says it."""

    def gettext(self, text: str) -> str:
        """Our sentence in place of theirs."""
        return OUR_WORDS.get(text, text)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The same for a sentence with a number."""
        return self.gettext(singular if number == 1 else plural)


class OwnMeta:
    """What all our forms have in common."""

    def get_translations(self, _form: FlaskForm) -> OurWords:
        """The words in which the library speaks."""
        return OurWords()


class Refusable:
    """A form in which a service's refusal can be shown."""

    _fields: dict[str, Field]
    form_errors: list[str]

    def refuse(self, refusal: Refused) -> None:
        """Show it beside its field, or above the form where there is no such field."""
        field = self._fields.get(refusal.field)
        if field is None:
            self.form_errors.append(str(refusal))
        else:
            field.errors = [*field.errors, str(refusal)]


class TextForm(Refusable, FlaskForm):
    """A form of text fields."""

    class Meta(OwnMeta):
        """Where its data comes from."""

        def wrap_formdata(self, _form: FlaskForm, _data: object) -> Any:
            return request.form if request.method == "POST" else None


class FileForm(Refusable, FlaskForm):
    """A form that takes files, for those of its fields that are for files."""

    class Meta(OwnMeta):
        """Where its data comes from."""

        def wrap_formdata(self, form: FlaskForm, _data: object) -> Any:
            if request.method != "POST":
                return None
            files = MultiDict(
                (name, file)
                for name, file in request.files.items(multi=True)
                if isinstance(form._fields.get(name), FileField)
            )
            return CombinedMultiDict((files, request.form))
