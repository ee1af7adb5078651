"""The form in which an administrator tells of a Judge0."""

from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.forms import TextForm
from app.submissions.judge_settings import LONGEST_HEADERS, LONGEST_TOKEN, LONGEST_URL, TOKEN_HEADER


class Judge0Form(TextForm):
    """Where it is, and what it wants to hear in each call."""

    url = StringField("Address", [InputRequired("Where is it?"), Length(max=LONGEST_URL)])
    token = PasswordField("Token", [Length(max=LONGEST_TOKEN)])
    token_header = StringField("Header of the token", [Length(max=60)], default=TOKEN_HEADER)
    headers = TextAreaField("More headers", [Length(max=LONGEST_HEADERS)])
