"""The judge check: every verdict in every language, and every program that tries to do harm, run for real."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any

from app.problems.languages import language_name
from app.submissions.judges.base import (
    CompileError,
    Judge,
    JudgeFault,
    Limits,
    Offer,
    Outcome,
    Verdict,
    verdict_name,
)
from app.submissions.specimens import HOSTILE, INPUT, ORDINARY, Specimen

LIMITS = Limits(seconds=0.5, memory_mb=128)
AT_ONCE = 2
LONGEST_NOTE = 300


@dataclass(frozen=True)
class Finding:
    """What became of one specimen: the verdicts that would be right, the one it got, what it used and said."""

    title: str
    language: str
    is_hostile: bool
    expected: list[str]
    verdict: str
    cpu_ms: int
    memory_kb: int
    note: str

    @property
    def is_good(self) -> bool:
        """Whether the judge did as it should."""
        return self.verdict in self.expected


@dataclass(frozen=True)
class Report:
    """A whole check of the judge of this identity.

    `missing` says of languages why they cannot be judged, which is no fault of the judge.
    `offer` is what it has, as it says itself.
    """

    judge: str
    fingerprint: str
    reason: str
    fix: str
    missing: dict[str, str]
    findings: list[Finding]
    offer: Offer = field(default_factory=Offer)

    @property
    def is_good(self) -> bool:
        """Whether the judge may be relied on."""
        return not self.reason

    def as_json(self) -> dict[str, Any]:
        """For the database and for machines."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Report":
        """What `as_json` gave."""
        findings, offer = [Finding(**each) for each in stored["findings"]], Offer(**stored.get("offer", {}))
        return cls(**{**stored, "findings": findings, "offer": offer})


def run_check(judge: Judge, secrets: Sequence[str], tell: Callable[[int, int], None]) -> Report:
    """Run all specimens, two at a time; `tell(done, total)` hears how far it is.

    `secrets` are paths that no program may see. JudgeFault where it runs nothing at the moment: that says nothing of
    whether it may be relied on.
    """
    faults = judge.probe()
    if faults and faults[0].is_outage:
        raise faults[0]
    fingerprint, languages = judge.fingerprint(), judge.languages()
    missing = {key: why for key, why in languages.items() if why}
    if faults:
        return Report(judge.identity, fingerprint, faults[0].reason, faults[0].fix, missing, [])
    specimens = [each for each in specimens_for(judge) if each.language in languages.keys() - missing]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(try_specimen, judge, specimen, secrets) for specimen in specimens]
        for done, _ in enumerate(as_completed(running), 1):
            tell(done, len(specimens))
    findings = [each.result() for each in running]
    return Report(judge.identity, fingerprint, *trouble(findings), missing, findings, judge.offer())


def specimens_for(judge: Judge) -> list[Specimen]:
    """Those that the judge has to hold."""
    return [each for each in (*HOSTILE, *ORDINARY) if each.is_for_all or not judge.is_remote]


def trouble(findings: Sequence[Finding]) -> tuple[str, str]:
    """Why the judge may not be relied on, and what helps; both empty where it may."""
    wrong = [finding for finding in findings if not finding.is_good]
    if not any(finding.is_hostile for finding in findings):
        return "No language is there to try its safety in.", "Install what the languages below need."
    if not wrong:
        return "", ""
    first = wrong[0]
    title = first.title if first.is_hostile else verdict_name(first.title)
    wanted = " or ".join(map(verdict_name, first.expected))
    reason = f"“{title}” ({language_name(first.language)}) ended as {verdict_name(first.verdict)}, not as {wanted}."
    more = f" {len(wrong) - 1} more like it." if len(wrong) > 1 else ""
    return reason + more, first.note or "Check again when the machine is less busy; the red lines say what went wrong."


def try_specimen(judge: Judge, specimen: Specimen, secrets: Sequence[str] = ()) -> Finding:
    """Run one specimen; JudgeFault where the judge runs nothing."""
    verdict, outcome, note = Verdict.JE, Outcome(None, b"", b"", 0, 0, ""), ""
    try:
        with closing(judge.run(specimen.language, specimen.source, LIMITS, [input_of(specimen, secrets)])) as run:
            outcome = next(run)
        verdict = outcome.verdict or (Verdict.AC if outcome.stdout == specimen.answer else Verdict.WA)
        note = outcome.reason or ("" if verdict == Verdict.AC else outcome.stdout.decode(errors="replace"))
    except CompileError as error:
        verdict, note = Verdict.CE, error.output
    except JudgeFault as fault:
        if fault.is_outage:
            raise
        note = f"{fault.reason} {fault.fix}"
    return Finding(
        title=specimen.title,
        language=specimen.language,
        is_hostile=specimen.is_hostile,
        expected=sorted(specimen.verdicts),
        verdict=verdict.value,
        cpu_ms=outcome.cpu_ms,
        memory_kb=outcome.memory_kb,
        note=note.replace("\0", "\ufffd").strip()[:LONGEST_NOTE],
    )


def input_of(specimen: Specimen, secrets: Sequence[str]) -> bytes:
    """What the specimen is given: what it is to look for, where it looks for something."""
    if specimen.file.startswith("hostile/secrets."):
        return "\n".join(secrets).encode()
    return b"%d %d" % (os.getpid(), os.getppid()) if specimen.file.startswith("hostile/kill-others.") else INPUT
