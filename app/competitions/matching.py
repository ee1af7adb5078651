"""Which row of a board is which member's: rules that a person can read, on the page too.

0. By an organiser: the team that an organiser has said is the member's, as long as it is on the board; or none, where
   they have said that the member is not on it.
1. By member username: a row whose list of members names the member's Kaggle username, ignoring case.
2. By team: an entry follows the TeamId it was last on, whatever the team or the member is called by now; unless the
   username by which it was matched is another member's today, or the member has changed it and the team turns out to
   be somebody else's: a board from after the change lists the old one still, or the team was only called like the old
   one and lists others.
3. By team name: a row, the only one of its name, called like the member's Kaggle username.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from app.competitions.sources.base import Standing
from app.core.db import fold

ORGANISER = "organiser"


class Candidate(Protocol):
    """A member whom the rules may find: Kaggle username folded, and what the entry remembers, if there is one.

    `username_changed_at`: when the member last changed the Kaggle username, where the entry remembers another one.
    """

    @property
    def member_id(self) -> int: ...
    @property
    def kaggle_username(self) -> str | None: ...
    @property
    def username_changed_at(self) -> datetime | None: ...
    @property
    def team_id(self) -> str | None: ...
    @property
    def matched_username(self) -> str | None: ...
    @property
    def matched_by(self) -> str | None: ...


class Match(NamedTuple):
    """A member's row. `by`: "organiser", "username" or "name": how the team was first found, also while followed."""

    standing: Standing
    by: str
    username: str | None


def match(standings: Iterable[Standing], candidates: Iterable[Candidate], board_at: datetime) -> dict[int, Match]:
    """The row of each member that has one, by member id; the board is from `board_at`."""
    rows, people = list(standings), list(candidates)
    owner = {person.kaggle_username: person.member_id for person in people if person.kaggle_username}
    found = _by_organiser(rows, people)
    _by_username(rows, owner, found)
    _follow_teams(rows, people, owner, found, board_at)
    _by_team_name(rows, owner, found)
    kept_off = {person.member_id for person in people if person.matched_by == ORGANISER and person.team_id is None}
    return {member_id: match for member_id, match in found.items() if member_id not in kept_off}


def _by_organiser(rows: list[Standing], people: list[Candidate]) -> dict[int, Match]:
    told = [person for person in people if person.matched_by == ORGANISER]
    by_team = {row.team_id: row for row in rows} if told else {}
    return {
        person.member_id: Match(by_team[person.team_id], ORGANISER, None)
        for person in told
        if person.team_id in by_team
    }


def _by_username(rows: list[Standing], owner: Mapping[str, int], found: dict[int, Match]) -> None:
    for row in rows:
        for username in row.usernames:
            member_id = owner.get(username)
            if member_id is not None:
                found.setdefault(member_id, Match(row, "username", username))


def _follow_teams(
    rows: list[Standing],
    people: list[Candidate],
    owner: Mapping[str, int],
    found: dict[int, Match],
    board_at: datetime,
) -> None:
    by_team = {row.team_id: row for row in rows}
    for person in people:
        row = by_team.get(person.team_id) if person.member_id not in found and person.team_id else None
        if row is not None and not _is_somebody_elses(row, person, owner, board_at):
            found[person.member_id] = Match(row, person.matched_by or "username", person.matched_username)


def _is_somebody_elses(row: Standing, person: Candidate, owner: Mapping[str, int], board_at: datetime) -> bool:
    old = person.matched_username
    if old is None or old == person.kaggle_username:
        return False
    if old in owner:  # since a dispute was settled
        return True
    if old in row.usernames:
        # A board from before the change may know a member by the old name whom Kaggle itself has renamed since.
        return person.username_changed_at is not None and board_at > person.username_changed_at
    return person.matched_by == "name" and bool(row.usernames)


def _by_team_name(rows: list[Standing], owner: Mapping[str, int], found: dict[int, Match]) -> None:
    missing = {username: member_id for username, member_id in owner.items() if member_id not in found}
    named: dict[str, list[Standing]] = defaultdict(list)
    for row in rows if missing else ():
        named[fold(row.team_name)].append(row)
    for username, member_id in missing.items():
        if len(named[username]) == 1:
            found[member_id] = Match(named[username][0], "name", username)
