"""The form of one's own profile."""

from flask_wtf.file import FileField
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length

from app.core.forms import TextForm
from app.profiles.service import LONGEST_BIO


class ProfileForm(TextForm):
    """Words and a picture; the route takes the file itself, so that no other field can be sent one."""

    bio = TextAreaField("About you (Markdown)", [Length(max=LONGEST_BIO)])
    picture = FileField("Picture")
    is_picture_removed = BooleanField("Remove my picture")
