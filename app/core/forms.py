"""What a form takes from a request: text for its fields, and a file only where it asks for one.

FlaskForm itself would hand an uploaded file, or a list out of JSON, to fields that expect text.
"""

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict


class TextForm(FlaskForm):
    """A form of text fields."""

    class Meta:
        """Where its data comes from."""

        def wrap_formdata(self, _form: FlaskForm, _data: object) -> Any:
            return request.form if request.method == "POST" else None


class FileForm(FlaskForm):
    """A form that takes files."""

    class Meta:
        """Where its data comes from."""

        def wrap_formdata(self, _form: FlaskForm, _data: object) -> Any:
            return CombinedMultiDict((request.files, request.form)) if request.method == "POST" else None
