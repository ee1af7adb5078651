"""The pages on which organisers keep the roster of a cohort."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.refusal import Refused
from app.core.security import unstored, wants_fragment
from app.core.text import one_line
from app.core.urls import public_address
from app.members.access import organiser_required
from app.tracker import cohort_queries, fetching, linking, people_queries, record, removing, service
from app.tracker.live import cohort_topic
from app.tracker.models import Cohort, Participant
from app.tracker.people_forms import LinkForm, PersonForm
from app.tracker.platform_queries import platform_cards
from app.tracker.platforms import platforms

bp = Blueprint("people", __name__, url_prefix="/cohorts/<cohort_slug>/people")


@bp.get("")
@organiser_required
def index(cohort_slug: str) -> str:
    """The roster, with a search, and how the asking about its handles goes; for htmx only these."""
    cohort = _cohort(cohort_slug)
    search = one_line(request.args.get("q", ""))[:100]
    people, paging = people_queries.roster_page(cohort.id, search)
    return render_template(
        "tracker/_people.html" if wants_fragment() else "tracker/people.html",
        cohort=cohort,
        people=people,
        paging=paging,
        search=search,
        cards=[card for card in platform_cards(cohort_id=cohort.id) if card.total],
        platforms=platforms(),
        topic=cohort_topic(cohort.id),
    )


@bp.post("/check")
@organiser_required
def check(cohort_slug: str) -> ResponseReturnValue:
    """Have all handles of the cohort looked up now."""
    number = fetching.request_check(cohort_id=_cohort(cohort_slug).id)
    flash(_asked(number), "ok")
    return redirect(url_for(".index", cohort_slug=cohort_slug))


@bp.route("/new", methods=["GET", "POST"])
@organiser_required
def create(cohort_slug: str) -> ResponseReturnValue:
    """The form for one more on the roster."""
    cohort, form = _cohort(cohort_slug), PersonForm()
    if form.validate_on_submit():
        try:
            service.add_person(cohort.id, form.details())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("Added.", "ok")
            return redirect(url_for(".index", cohort_slug=cohort_slug))
    return _form_page(_cohort(cohort_slug), None, form)


@bp.route("/<int:participant_id>/edit", methods=["GET", "POST"])
@organiser_required
def edit(cohort_slug: str, participant_id: int) -> ResponseReturnValue:
    """The form for a person, which member they are, and who changed what."""
    form = PersonForm.of(_find(cohort_slug, participant_id))
    if form.validate_on_submit():
        try:
            service.edit_person(participant_id, form.details(), form.shown())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("Saved.", "ok")
            return redirect(url_for(".edit", cohort_slug=cohort_slug, participant_id=participant_id))
    return _form_page(_cohort(cohort_slug), _find(cohort_slug, participant_id), form)


@bp.route("/<int:participant_id>/remove", methods=["GET", "POST"])
@organiser_required
def remove(cohort_slug: str, participant_id: int) -> ResponseReturnValue:
    """Say what goes with a person, and let them go."""
    participant = _find(cohort_slug, participant_id)
    if request.method == "GET":
        content = cohort_queries.content_of(participant_id=participant_id)
        return render_template(
            "tracker/remove_person.html", cohort=participant.cohort, person=participant, content=content
        )
    name = participant.name or participant.roll_number
    had_file = removing.remove_participant(participant_id)
    file_too = " The file that waited to be imported is forgotten too, as it may hold them." if had_file else ""
    flash(f"{name} is gone from the roster.{file_too}", "ok")
    return redirect(url_for(".index", cohort_slug=cohort_slug))


@bp.post("/<int:participant_id>/check")
@organiser_required
def check_person(cohort_slug: str, participant_id: int) -> ResponseReturnValue:
    """Have a person's handles looked up now."""
    number = fetching.request_check(participant_id=_find(cohort_slug, participant_id).id)
    flash(_asked(number), "ok")
    return _to_form(cohort_slug, participant_id)


@bp.post("/<int:participant_id>/link")
@organiser_required
def link(cohort_slug: str, participant_id: int) -> ResponseReturnValue:
    """Say which member a person is."""
    participant, form = _find(cohort_slug, participant_id), LinkForm()
    if form.validate():
        try:
            member = linking.link_member(participant.id, form.username.data or "")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"This is {member.display_name} from now on.", "ok")
            return _to_form(cohort_slug, participant_id)
    participant = _find(cohort_slug, participant_id)
    return _form_page(_cohort(cohort_slug), participant, PersonForm.of(participant, formdata=None), form)


@bp.post("/<int:participant_id>/unlink")
@organiser_required
def unlink(cohort_slug: str, participant_id: int) -> ResponseReturnValue:
    """Take the link to a member away."""
    linking.unlink_member(_find(cohort_slug, participant_id).id)
    flash("No member has this place any more.", "ok")
    return _to_form(cohort_slug, participant_id)


@bp.post("/<int:participant_id>/invite")
@organiser_required
def invite(cohort_slug: str, participant_id: int) -> ResponseReturnValue:
    """Show a link by which the person can take their place."""
    participant = _find(cohort_slug, participant_id)
    try:
        invitation = linking.make_invitation(participant.id)
    except Refused as refusal:
        flash(str(refusal), "error")
        return _to_form(cohort_slug, participant_id)
    address = public_address("handles.invitation", invitation=invitation)
    page = render_template(
        "tracker/invitation_link.html", person=participant, address=address, days=linking.INVITATION_DAYS
    )
    return unstored(page)


def _form_page(
    cohort: Cohort, participant: Participant | None, form: PersonForm, link_form: LinkForm | None = None
) -> ResponseReturnValue:
    page = render_template(
        "tracker/edit_person.html",
        cohort=cohort,
        person=participant,
        form=form,
        link_form=link_form or LinkForm(formdata=None),
        platforms=platforms(),
        deeds=record.deeds_on(participant) if participant else [],
    )
    return page, 422 if form.is_submitted() else 200


def _to_form(cohort_slug: str, participant_id: int) -> ResponseReturnValue:
    return redirect(url_for(".edit", cohort_slug=cohort_slug, participant_id=participant_id))


def _asked(number: int) -> str:
    if not number:
        return "There is no handle that can be looked up."
    return "One handle is looked up next." if number == 1 else f"{number:,} handles are looked up next."


def _cohort(slug: str) -> Cohort:
    return cohort_queries.find_cohort(slug) or abort(404)


def _find(cohort_slug: str, participant_id: int) -> Participant:
    return people_queries.find_participant(_cohort(cohort_slug).id, participant_id) or abort(404)
