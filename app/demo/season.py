"""What the demo club plays: half a year of invented competitions, told from the moment at which it is loaded."""

from dataclasses import dataclass
from datetime import datetime, timedelta

AFTER_THE_END = timedelta(hours=2)
FIRST_BOARD = timedelta(hours=20)


@dataclass(frozen=True)
class DemoCompetition:
    """One competition; a negative end lies in the future.

    `boards` came in while it was on, evenly, and one more after the end unless final standings are still awaited.
    `strangers`: how many other teams there are on the whole board; `is_for_everybody`: the whole club plays.
    """

    slug: str
    title: str
    metric: str
    worst: float
    best: float
    started_days_ago: float
    ended_days_ago: float
    description: str
    boards: int = 5
    strangers: int = 240
    weight: float = 1.0
    is_awaited: bool = False
    is_for_everybody: bool = False

    @property
    def is_higher_better(self) -> bool:
        return self.best > self.worst

    def board_moments(self, now: datetime) -> list[datetime]:
        """When its boards came in, oldest first."""
        first = now - timedelta(days=self.started_days_ago) + FIRST_BOARD
        last = now - timedelta(days=max(self.ended_days_ago, 0.0), minutes=10)
        moments = [first + (last - first) * number / (self.boards - 1) for number in range(self.boards)]
        is_final = self.ended_days_ago > 0 and not self.is_awaited
        return [*moments, last + AFTER_THE_END] if is_final else moments


@dataclass(frozen=True)
class DemoEvent:
    """An event and its competitions."""

    slug: str
    title: str
    prize: str
    competitions: tuple[DemoCompetition, ...]


MOVING = "leaf-doctor"  # the competition whose scores keep moving while the demo runs
SEASON = (
    DemoEvent("warm-up-weeks", "Warm-up Weeks", "A mug and the honour", (
        DemoCompetition(
            "digit-warm-up", "Digit Warm-up", "Accuracy", 0.1, 1.0, 182, 166,
            "The classic, to learn the tools.",
        ),
        DemoCompetition(
            "late-trains", "Late Trains", "MAE", 30.0, 2.0, 167, 150,
            "How late will it be? Minutes, mean absolute error.",
        ),
        DemoCompetition(
            "penguin-census", "Penguin Census", "F1", 0.0, 1.0, 148, 130,
            "Count them from the air. *Some of them are rocks.*",
        ),
        DemoCompetition(
            "coffee-queue", "Coffee Queue", "RMSE", 12.0, 1.0, 128, 111,
            "How many minutes until the cup is in your hand?",
        ),
    )),
    DemoEvent("the-long-cup", "The Long Cup", "The wooden cup, for a year", (
        DemoCompetition(
            "whale-song", "Whale Song", "AUC", 0.5, 1.0, 106, 89,
            "Whale, ship or rain? Ten seconds of **underwater sound** each.", weight=2.0,
        ),
        DemoCompetition(
            "crumpled-maps", "Crumpled Maps", "IoU", 0.0, 1.0, 87, 70,
            "Find the roads on maps that somebody sat on.", weight=2.0,
        ),
        DemoCompetition(
            "second-hand-bikes", "Second-hand Bikes", "MAPE", 0.9, 0.05, 68, 52,
            "What is a bicycle with three gears and a past worth?", weight=2.0,
        ),
        DemoCompetition(
            "bread-oven", "Bread Oven", "Log loss", 2.3, 0.1, 50, 34,
            "Is it done? The final of the cup, judged by the *smell sensor*.", weight=3.0,
        ),
    )),
    DemoEvent("neural-night", "Neural Night", "Pizza for the table of the winners", (
        DemoCompetition(
            "night-shift", "Night Shift", "Accuracy", 0.2, 1.0, 20, 1.1,
            "Who sleeps when? Twelve weeks of light switches.", is_awaited=True,
        ),
        DemoCompetition(
            MOVING, "Leaf Doctor", "AUC", 0.5, 1.0, 9, -5.2,
            "Which of these leaves are ill? Pictures, **two classes**, five weeks of rain.", boards=8, strangers=1700,
        ),
        DemoCompetition(
            "bicycle-rush", "Bicycle Rush", "RMSLE", 1.6, 0.2, 6, -11.5,
            "How many bicycles leave the station in the next hour? Lower is better.", boards=6, strangers=900,
            is_for_everybody=True,
        ),
        DemoCompetition(
            "house-of-echoes", "House of Echoes", "mAP@3", 0.0, 1.0, -3, -24,
            "Name the room by its echo. Starts soon; *bring headphones*.", boards=0,
        ),
    )),
)  # fmt: skip
