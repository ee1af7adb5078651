"""The form that takes packages."""

from flask_wtf.file import FileField, FileRequired

from app.core.forms import FileForm


class PackageForm(FileForm):
    """An archive of packages."""

    file = FileField("ZIP file", [FileRequired("Choose a ZIP file.")])
