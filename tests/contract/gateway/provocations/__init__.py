"""Every error that the contract documents, provoked: one module for each kind of call."""

from tests.contract.gateway.provocations import (
    creating,
    keeping,
    retrying,
    running,
    spending,
    talking,
    templates,
    watching,
    writing,
)
from tests.contract.gateway.provocations.registry import PROVOKED, Provoke

__all__ = [
    "PROVOKED",
    "Provoke",
    "creating",
    "keeping",
    "retrying",
    "running",
    "spending",
    "talking",
    "templates",
    "watching",
    "writing",
]
