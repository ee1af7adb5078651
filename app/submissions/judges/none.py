"""The judge of a club that has none: whatever it is asked to do, it says that judging is switched off."""

from collections.abc import Generator, Sequence

from app.submissions.judges.base import JudgeFault, Limits, Outcome


class NoJudge:
    """Refuses everything."""

    name = "none"

    def languages(self) -> dict[str, str | None]:
        """None."""
        return {}

    def probe(self) -> list[JudgeFault]:
        """That it is switched off, and how it is switched on."""
        return [JudgeFault("Judging is switched off.", "Set JUDGE=sandbox and start again.", is_temporary=False)]

    def fingerprint(self) -> str:
        """It never changes."""
        return self.name

    def run(
        self, language: str, source: bytes, limits: Limits, inputs: Sequence[bytes]
    ) -> Generator[Outcome, None, None]:
        """Refuses."""
        raise self.probe()[0]
