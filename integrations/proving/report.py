"""What a run showed: for people in plain words, for machines as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from integrations.proving.invariants import PROMISES
from integrations.proving.round import Outcome

# A row is owned for 30 s, a call to a provider for 45 s; what a dead process held is taken over within a second more.
LONGEST_RECOVERY_SECONDS = 46.0


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was expected, and what the carrier's ledger and the database show."""

    seed: int
    chosen: str
    """The faults, as they were asked for."""
    kills: int
    bookings: int
    victims: dict[str, int]
    expected: int
    sent: int
    lost: int
    duplicates: int
    slowest_settling_seconds: float
    outcomes: list[Outcome]
    at_the_end: Mapping[str, list[str]]
    seconds: float

    @property
    def slowest_recovery_seconds(self) -> float:
        """From a blow until all that was due was worked on again, the slowest of the single faults."""
        return max((one.recovery_seconds for one in self.outcomes if one.recovery_seconds is not None), default=0.0)

    @property
    def broken(self) -> dict[str, list[str]]:
        """What was seen to be wrong, by promise."""
        found: dict[str, list[str]] = {name: [] for name in PROMISES}
        for one in self.outcomes:
            for name, words in one.broken.items():
                found[name] += [f"{one.fault}: {line}" for line in words]
        for name, words in self.at_the_end.items():
            found[name] += [f"at the end: {line}" for line in words]
        return {name: words + self._of_the_story(name) for name, words in found.items()}

    @property
    def ok(self) -> bool:
        return not any(self.broken.values())

    @property
    def again(self) -> str:
        """The command that does the same once more."""
        return f"aro prove --seed {self.seed} --faults {self.chosen} --kills {self.kills} --bookings {self.bookings}"

    def _of_the_story(self, name: str) -> list[str]:
        if name == "I1" and self.duplicates:
            return [f"{self.duplicates} texts were sent twice while processes were killed."]
        if name == "I2" and self.lost:
            return [f"{self.lost} texts were lost while processes were killed."]
        if name == "I4" and self.slowest_recovery_seconds > LONGEST_RECOVERY_SECONDS:
            return [f"After a blow it took {self.slowest_recovery_seconds} s until work went on."]
        return []

    def as_dict(self) -> dict[str, Any]:
        told = {name: value for name, value in asdict(self).items() if name not in ("outcomes", "at_the_end")}
        told |= {"ok": self.ok, "slowest_recovery_seconds": self.slowest_recovery_seconds, "broken": self.broken}
        return told | {"faults": [asdict(one) | {"ok": one.ok} for one in self.outcomes], "again": self.again}


def in_words(report: Report) -> str:
    """The report as Markdown, which reads well in a terminal, too."""
    return "\n".join([*_verdict(report), "", *_promises(report), "", *_faults(report), "", *_killing(report)])


def _verdict(report: Report) -> list[str]:
    done = [one for one in report.outcomes if not one.skipped]
    head = "ARO kept all its promises." if report.ok else "ARO DID NOT KEEP ALL ITS PROMISES."
    lines = [
        f"# {head}",
        "",
        f"{len(done)} faults and {report.kills} random kills, seed {report.seed}, {report.seconds / 60:.1f} minutes. "
        "A real installation was disturbed; what was sent was counted in the carrier's ledger, not in ARO's notes.",
    ]
    return lines if report.ok else [*lines, "", f"The same again: `{report.again}`"]


def _promises(report: Report) -> list[str]:
    lines = ["| Promise | Seen |", "|---|---|"]
    for name, promise in PROMISES.items():
        found = report.broken[name]
        lines.append(f"| {name} {promise} | {'; '.join(found) if found else 'kept'} |")
    return lines


def _faults(report: Report) -> list[str]:
    lines = ["| What was done | During | Work went on after | Seen |", "|---|---|---|---|"]
    return lines + [_fault(one) for one in report.outcomes] if report.outcomes else []


def _fault(one: Outcome) -> str:
    if one.skipped:
        return f"| {one.did} (`{one.fault}`) | | | left out: {one.skipped} |"
    seen = "all right" if one.ok else "; ".join(f"{n}: {w}" for n, words in one.broken.items() for w in words)
    recovery = f"{one.recovery_seconds} s" if one.recovery_seconds is not None else ""
    return f"| {one.did} (`{one.fault}`) | {_DURING[one.during]} | {recovery} | {seen} |"


_DURING = {"book": "booking", "act": "answers and changes", "remind": "reminders"}


def _killing(report: Report) -> list[str]:
    if not report.kills:
        return []
    victims = ", ".join(f"{name} {count}" for name, count in sorted(report.victims.items()))
    return [
        f"{report.kills} random kills ({victims}) during {report.bookings} bookings: expected {report.expected} texts, "
        f"sent {report.sent}, lost {report.lost}, sent twice {report.duplicates}.",
        f"After the last kill of a part, everybody had what was due within {report.slowest_settling_seconds} s.",
    ]
