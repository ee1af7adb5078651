"""Every table as it is stored, by Flask-Admin: to read, search, filter and export.

What may be changed is changed by the site's own forms, which check and record it: a row only leads there. The pages
are ours, so nothing in them is inline, and deleting asks first.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Flask, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin, AdminIndexView, expose
from flask_admin.contrib.sqla import ModelView
from flask_login import current_user
from sqlalchemy import Integer, LargeBinary, String
from wtforms import Form

from app.competitions import event_service, service
from app.competitions.models import Competition, Event
from app.core.refusal import Refused
from app.core.sheets import to_csv
from app.extensions import Base, db, login_manager
from app.members.models import Member
from app.problems.models import Problem

# Secrets, and what no page could show.
HIDDEN = {"password_hash", "secret", "fingerprint", "token"}
MOST_PAGES = 1_000_000
TOO_LONG = re.compile(r"\d{19}")
FILTERED = ("String", "Text", "Integer", "Boolean", "Float")

EDITED_AT: dict[type, Callable[[Any], str]] = {
    Member: lambda row: url_for("members.manage", q=row.username),
    Event: lambda row: url_for("events.edit", slug=row.slug),
    Competition: lambda row: url_for("competitions.edit", slug=row.slug),
    Problem: lambda row: url_for("problems.edit", problem_slug=row.slug),
}
DELETED_BY: dict[type, Callable[[int], None]] = {
    Event: event_service.delete_event,
    Competition: service.delete_competition,
}


def init_app(app: Flask) -> None:
    """Register a view for each table below /admin/tables."""
    index = TableIndex(name="Tables", endpoint="tables", url="/admin/tables", template="admin/tables.html")
    index.static_folder = None
    admin = Admin(app, name="MLBattle", index_view=index, url="/admin/tables")
    models = [mapper.class_ for mapper in Base.registry.mappers]
    for model in sorted(models, key=lambda model: str(model.__tablename__)):
        admin.add_view(TableView(model))


class ForAdministrators:
    """What all views have in common: who may open them."""

    def is_accessible(self) -> bool:
        """Administrators only."""
        return bool(current_user.is_authenticated and current_user.is_admin)

    def inaccessible_callback(self, _name: str, **_arguments: Any) -> ResponseReturnValue:
        """Strangers are asked to log in, others refused."""
        return abort(403) if current_user.is_authenticated else login_manager.unauthorized()


class TableIndex(ForAdministrators, AdminIndexView):
    """The list of all tables."""


class TableView(ForAdministrators, ModelView):
    """One table."""

    can_create = can_edit = False
    can_view_details = can_export = True
    page_size = 50
    column_display_pk = True
    column_display_actions = False
    action_disallowed_list = ("delete",)
    export_max_rows = 100_000
    list_template, details_template = "admin/table.html", "admin/row.html"
    _urls: list[tuple[str, str, Iterable[str]]]  # Flask-Admin's: address, view and methods

    def __init__(self, model: Any) -> None:
        columns = [
            column
            for column in model.__table__.columns
            if column.name not in HIDDEN and not isinstance(column.type, LargeBinary)
        ]
        name = model.__table__.name
        self.column_list = self.column_details_list = self.column_export_list = [column.name for column in columns]
        self.column_searchable_list = [column.name for column in columns if isinstance(column.type, String)]
        self.column_filters = [column.name for column in columns if type(column.type).__name__ in FILTERED]
        self.column_default_sort = [(column.name, True) for column in model.__table__.primary_key.columns]
        self.can_delete = model in DELETED_BY
        super().__init__(model, db, name=name.replace("_", " "), endpoint=f"table_{name}", url=name)

    def create_blueprint(self, admin: Admin) -> Blueprint:
        """Only what the pages lead to has an address: half as many to guard, and a quicker start of every program."""
        deleting = {"confirm_view", "delete_view"} if self.can_delete else set()
        self._urls = [url for url in self._urls if url[1] in {"index_view", "details_view", "export", *deleting}]
        return super().create_blueprint(admin)

    def scaffold_form(self) -> type[Form]:
        """None of its own: see the module's word on changing."""
        return Form

    def get_one(self, id: str) -> Any:  # noqa: A002 - Flask-Admin names it so
        """The row by its key as text; None for what can be no key of this table."""
        (column,) = self.model.__table__.primary_key.columns
        if not isinstance(column.type, Integer):
            return db.session.get(self.model, id.replace("\0", ""))
        return db.session.get(self.model, int(id)) if id.isdecimal() and len(id) < 19 else None

    def _get_list_extra_args(self) -> Any:
        """What the address asks for, without numbers that no database could hold."""
        asked = super()._get_list_extra_args()
        filters = [one for one in asked.filters or () if not TOO_LONG.search(str(one[2]))]
        return asked.clone(page=min(max(asked.page, 0), MOST_PAGES), page_size=None, filters=filters, extra_args={})

    def edit_url(self, row: Any) -> str | None:
        """The form of the site that changes the row; None where nothing may."""
        address = EDITED_AT.get(self.model)
        return address(row) if address else None

    def _export_csv(self, _return_url: str) -> ResponseReturnValue:
        """All rows that fit the search and the filters; nothing in them that a spreadsheet would run."""
        names = [name for name, _ in self._export_columns]
        rows = ([self.get_export_value(row, name) for name in names] for row in self._export_data()[1])
        response = Response(to_csv(names, rows), mimetype="text/csv")
        response.headers["Content-Disposition"] = f'attachment; filename="{self.url.rsplit("/", 1)[-1]}.csv"'
        return response

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """The rows; a filter that was just chosen is put into the address first."""
        chosen, value = request.args.get("filter", type=int), request.args.get("value", "")
        if chosen is not None and self._filters and 0 <= chosen < len(self._filters) and value:
            given = self._get_list_extra_args()
            added = [*(given.filters or []), (chosen, self._filters[chosen].name, value)]
            return redirect(self._get_list_url(given.clone(page=None, filters=added)))
        return super().index_view()

    @expose("/confirm/")
    def confirm_view(self) -> ResponseReturnValue:
        """Ask before deleting."""
        row = self.get_one(request.args.get("id", "")) if self.can_delete else None
        if row is None:
            abort(404)
        return self.render("admin/confirm.html", row=row, key=self.get_pk_value(row))

    def delete_model(self, model: Any) -> bool:
        """By the verb that checks and records it."""
        try:
            DELETED_BY[self.model](model.id)
        except Refused as refusal:
            flash(str(refusal), "error")
            return False
        return True
