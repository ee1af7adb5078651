"""The kinds of background work, declared beside the functions that do it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., None])


class JobRefused(Exception):
    """The work cannot be done and trying again would not help; the message is a sentence for people."""


class NotNow(Exception):
    """The work could not be done, but may be later: the message is a sentence for people."""


@dataclass(frozen=True)
class Kind:
    """How one kind of job runs: `function(run, **args)`, within `deadline_seconds`, at most `max_attempts` times.

    One that tells by `run.still_at_work` that it goes on may take up to `longest_seconds`.

    `after_failure(reason, **args)` is called, within the same transaction, when it has failed for good and not by its
    own `run.fail`: killed, too slow, or by an error that nobody foresaw.

    `prepare()` is called once in each worker that takes such jobs: what it loads, no job's process has to load.
    """

    name: str
    function: Callable[..., None]
    deadline_seconds: int
    max_attempts: int
    queue: str
    every_seconds: int | None
    after_failure: Callable[..., None] | None = None
    is_due_at_start: bool = False
    prepare: Callable[[], object] | None = None
    longest_seconds: int | None = None


kinds: dict[str, Kind] = {}


def job(
    name: str,
    *,
    deadline_seconds: int,
    max_attempts: int = 3,
    queue: str = "default",
    every_seconds: int | None = None,
    after_failure: Callable[..., None] | None = None,
    is_due_at_start: bool = False,
    prepare: Callable[[], object] | None = None,
    longest_seconds: int | None = None,
) -> Callable[[F], F]:
    """Declare `function(run, **args)` as the kind `name`; with `every_seconds` the scheduler starts it by itself.

    With `is_due_at_start` it does so whenever it starts itself, too.
    """

    def declare(function: F) -> F:
        kinds[name] = Kind(
            name,
            function,
            deadline_seconds,
            max_attempts,
            queue,
            every_seconds,
            after_failure,
            is_due_at_start,
            prepare,
            longest_seconds,
        )
        return function

    return declare


def kind_of(name: str) -> Kind:
    """The declared kind; for a name that no feature declares any more, one that refuses."""
    return kinds.get(name) or Kind(name, _refuse, 60, 1, "default", None)


def _refuse(*_args: object, **_kwargs: object) -> None:
    raise JobRefused("Nothing here knows how to do this kind of work any more.")


def queues() -> list[str]:
    """The queues that some kind uses, in alphabetical order."""
    return sorted({kind.queue for kind in kinds.values()})
