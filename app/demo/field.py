"""Invented boards: all teams of one competition, coming nearer to the best score, as Kaggle's download would tell."""

import csv
import io
import random
from datetime import datetime, timedelta

from app.core import clock
from app.demo.season import DemoCompetition
from app.members.models import Member

HEADER = ["Rank", "TeamId", "TeamName", "LastSubmissionDate", "Score", "SubmissionCount", "TeamMemberUserNames"]
RANK, TEAM, DATE, SCORE, COUNT = 0, 1, 3, 4, 5
STRANGER = "stranger"
STRANGERS_MOVED = 12  # at once
OVERTAKERS = 7  # how many of the club's first take turns in moving


class Field:
    """The teams of one competition; `skills` of the club's players are from 0 to 1."""

    def __init__(
        self,
        demo: DemoCompetition,
        players: list[Member],
        skills: list[float],
        started_at: datetime,
        dice: random.Random,
    ) -> None:
        self.demo, self.dice = demo, dice
        # The first two are one team, so that the boards have team-mates.
        pair = ",".join(member.kaggle_username or "" for member in players[:2])
        self.teams = [("Two Heads, One GPU", pair)]
        self.teams += [(member.display_name, member.kaggle_username or "") for member in players[2:]]
        self.teams += [(f"Team {number}", f"{STRANGER}{number}") for number in range(1, demo.strangers + 1)]
        best_of_pair = max(skills[:2])
        goals = [best_of_pair, *skills[2:], *(dice.betavariate(4, 3) for _ in range(demo.strangers))]
        self.goals = [min(0.97, max(0.05, dice.gauss(goal, 0.06))) for goal in goals]
        self.progress = [goal * dice.uniform(0.3, 0.7) for goal in self.goals]
        self.counts = [dice.randint(1, 4) for _ in self.teams]
        self.submitted = [started_at + timedelta(hours=dice.uniform(1, 19)) for _ in self.teams]

    def board(self) -> bytes:
        """The next board: some have come nearer to what they can reach."""
        for index, goal in enumerate(self.goals):
            if self.dice.random() < 0.6:
                self.progress[index] += (goal - self.progress[index]) * self.dice.uniform(0.1, 0.6)
                self.counts[index] += self.dice.randint(1, 5)
                self.submitted[index] = clock.now() - timedelta(minutes=self.dice.uniform(3, 300))
        span = self.demo.best - self.demo.worst
        rows = [
            ["", str(1000 + index), name, f"{self.submitted[index]:%Y-%m-%d %H:%M:%S}",
             f"{self.demo.worst + span * self.progress[index]:.5f}", str(self.counts[index]), usernames]
            for index, (name, usernames) in enumerate(self.teams)
        ]  # fmt: skip
        return written(rows, is_higher_better=self.demo.is_higher_better)


def file_name(slug: str, moment: datetime) -> str:
    """What Kaggle calls a download; the moment in it is the one that the board is from."""
    return f"{slug}-publicleaderboard-{moment:%Y-%m-%dT%H_%M_%S}.csv"


def moved(content: bytes, *, best: float, is_higher_better: bool, dice: random.Random) -> bytes:
    """The board a moment later: some teams are nearer to `best`, and one of the club's first overtakes another."""
    rows = list(csv.reader(io.StringIO(content.decode())))[1:]
    club = [row for row in rows if not row[-1].startswith(STRANGER)]
    strangers = [row for row in rows if row[-1].startswith(STRANGER)]
    place = dice.randrange(1, min(OVERTAKERS, len(club)))
    steps = [(club[place], float(club[place - 1][SCORE]))]
    steps += [(row, float(row[SCORE])) for row in dice.sample(strangers, min(STRANGERS_MOVED, len(strangers)))]
    for row, score in steps:
        row[SCORE] = f"{score + (best - score) * dice.uniform(0.001, 0.02):.5f}"
        row[COUNT] = str(int(row[COUNT]) + 1)
        row[DATE] = f"{clock.now():%Y-%m-%d %H:%M:%S}"
    return written(rows, is_higher_better=is_higher_better)


def written(rows: list[list[str]], *, is_higher_better: bool) -> bytes:
    """The rows in their order, ranked, as a file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    ordered = sorted(rows, key=lambda row: float(row[SCORE]), reverse=is_higher_better)
    for rank, row in enumerate(ordered, 1):
        writer.writerow([rank, *row[TEAM:]])
    return text.getvalue().encode()
