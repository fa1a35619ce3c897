"""What an examination finds."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """What a finding means for the local stack."""

    GOOD = "good"
    OPTIONAL = "optional"  # not there, and not needed
    MISSING = "missing"  # the stack does not run without it


@dataclass(frozen=True)
class Finding:
    """One part: what was found, and what to do, where there is anything to do."""

    part: str
    verdict: Verdict
    found: str
    advice: str = ""


def good(part: str, found: str, advice: str = "") -> Finding:
    """Return that a part is there."""
    return Finding(part, Verdict.GOOD, found, advice)


def lacking(part: str, found: str, advice: str, *, needed: bool) -> Finding:
    """Return that a part is not there."""
    return Finding(part, Verdict.MISSING if needed else Verdict.OPTIONAL, found, advice)
