"""The judge of a club that has none: whatever it is asked to do, it says why it does not."""

from collections.abc import Callable, Generator, Sequence

from app.submissions.judges.base import JudgeFault, Limits, Offer, Outcome, unheard


class NoJudge:
    """Refuses everything, for this reason; `fix` is how to have a judge."""

    name = identity = "none"
    title, is_remote = "no judge", False

    def __init__(
        self, reason: str = "Judging is switched off.", fix: str = "Set JUDGE=sandbox and start again."
    ) -> None:
        self._fault = JudgeFault(reason, fix, is_temporary=False)

    def languages(self) -> dict[str, str | None]:
        """None."""
        return {}

    def probe(self) -> list[JudgeFault]:
        """Why there is none, and how there would be."""
        return [self._fault]

    def offer(self) -> Offer:
        """Nothing."""
        return Offer()

    def fingerprint(self) -> str:
        """It never changes."""
        return self.name

    def run(
        self,
        language: str,
        source: bytes,
        limits: Limits,
        inputs: Sequence[bytes],
        waiting: Callable[[int], None] = unheard,
    ) -> Generator[Outcome, None, None]:
        """Refuses."""
        raise self._fault
