"""What open pages are told of programs while they are judged.

Topics: `submission:<id>` and `trial:<id>`, for which only whoever may open the page gets a ticket; `judging`, a hint
for all pages that show a place in the queue; `rejudge:<id>`, a hint for organisers.
"""

import logging
from typing import Any

from redis import RedisError

from app.core import live
from app.core.db import on_commit
from app.core.jobs import Run
from app.extensions import redis_client
from app.submissions import queries
from app.submissions.checks import TOPIC as CHECK_TOPIC
from app.submissions.signals import (
    judge_turned,
    submission_judged,
    submission_judged_beside,
    submission_queued,
    trial_finished,
)

log = logging.getLogger(__name__)
QUEUE_TOPIC = "judging"
HINT_EVERY_MS = 2000


def connect() -> None:
    """Listen to the signals; a receiver only registers a push for after the commit."""
    submission_queued.connect(_on_submission)
    submission_judged.connect(_on_submission)
    submission_judged_beside.connect(_on_judged_beside)
    trial_finished.connect(_on_trial_finished)
    judge_turned.connect(_on_judge_turned)


def submission_topics(submission_id: int) -> tuple[str, ...]:
    """What a page that shows the submission listens to."""
    return (f"submission:{submission_id}", QUEUE_TOPIC)


def trial_topic(trial_id: int) -> str:
    """What a page that shows the trial listens to."""
    return f"trial:{trial_id}"


def tell_progress(run: Run, topic: str, number: int, total: int) -> None:
    """Tell the pages that listen to `topic` which test is being run."""
    sentence = f"Test {number} of {total}"
    run.progress(sentence, number, total)
    live.publish(topic, live.render("submissions/_standing.html", key=topic.replace(":", "-"), standing=sentence))


def push_submission(submission_id: int) -> None:
    """Push the submission as it stands now."""
    submission = queries.find_submission(submission_id)
    if submission is not None:
        shown = queries.shown_submission(submission)
        live.publish(f"submission:{submission_id}", live.render("submissions/_submission.html", shown=shown))


def push_trial(trial_id: int) -> None:
    """Push the trial as it stands now."""
    trial = queries.find_trial(trial_id)
    if trial is not None:
        live.publish(trial_topic(trial_id), live.render("submissions/_trial.html", trial=trial))


def hint_queue() -> None:
    """Have pages that show a place in the queue look again, every two seconds at most."""
    _hint_sometimes(QUEUE_TOPIC)


def rejudge_topic(rejudge_id: int) -> str:
    """What a page that shows the rejudge listens to: a hint whenever it has gone on."""
    return f"rejudge:{rejudge_id}"


def _hint_sometimes(topic: str) -> None:
    try:
        is_first = redis_client().set(f"mlbattle:{topic}-hinted", 1, nx=True, px=HINT_EVERY_MS)
    except RedisError as error:
        log.warning("%s was not pushed (%s); pages show it at their next refresh", topic, error)
        return
    if is_first:
        live.hint(topic)


def _on_submission(_sender: Any, *, submission_id: int) -> None:
    on_commit(lambda: push_submission(submission_id))
    on_commit(hint_queue)


def _on_judged_beside(_sender: Any, *, rejudge_id: int) -> None:
    on_commit(lambda: _hint_sometimes(rejudge_topic(rejudge_id)))


def _on_trial_finished(_sender: Any, *, trial_id: int) -> None:
    on_commit(lambda: push_trial(trial_id))


def _on_judge_turned(_sender: Any) -> None:
    on_commit(hint_queue)
    on_commit(_hint_check)


def _hint_check() -> None:
    live.hint(CHECK_TOPIC)
