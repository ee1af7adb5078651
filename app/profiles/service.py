"""What members do with their profiles."""

from sqlalchemy import delete

from app.core import clock
from app.core.db import transaction
from app.core.images import ImageRefused, to_webp
from app.core.markup import to_html
from app.core.refusal import Refused
from app.core.text import many_lines
from app.extensions import db
from app.members.models import Member
from app.profiles.models import Profile

LONGEST_BIO = 2_000
AVATAR_PIXELS = 256


def save_profile(member_id: int, *, bio: str, picture: bytes = b"", is_picture_removed: bool = False) -> None:
    """Store the member's words and, where there is a new one, the picture; Refused where one will not do."""
    bio = many_lines(bio)
    if len(bio) > LONGEST_BIO:
        raise Refused("bio", f"At most {LONGEST_BIO:,} characters; these are {len(bio):,}.")
    bio_html = to_html(bio)
    avatar = _avatar(picture) if picture else None
    with transaction():
        # The member is locked, so that two first savings at once make one row.
        member = db.session.get_one(Member, member_id, with_for_update=True)
        if not member.is_active:
            return  # deleted while this was on its way
        profile = db.session.get(Profile, member.id) or Profile(member_id=member.id)
        profile.bio, profile.bio_html = bio, bio_html
        if avatar or is_picture_removed:
            profile.avatar, profile.avatar_at = avatar, clock.now() if avatar else None
        db.session.add(profile)


def forget_profile(member_id: int) -> None:
    """Let go of all that a former member told, within the caller's transaction."""
    db.session.execute(delete(Profile).where(Profile.member_id == member_id))


def _avatar(picture: bytes) -> bytes:
    try:
        return to_webp(picture, AVATAR_PIXELS, AVATAR_PIXELS, is_cropped=True)
    except ImageRefused as refusal:
        raise Refused("picture", str(refusal)) from refusal
