"""The recipes of the packages that are installed beside the gateway, by their entry points."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

import structlog

from services.gateway.recipes.installed.adapting import Installed
from services.gateway.recipes.installed.checks import recipe_problem

log = structlog.get_logger()

GROUP = "hatchery.recipes"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a package offers and cannot be run: why, and the exception where there was one."""

    package: str
    version: str
    offers: str
    problem: str
    error: BaseException | None = None


def installed() -> Sequence[Installed]:
    """The recipes that can be run. What is left out is logged, and everything else works."""
    found, left_out = sorted_out(entry_points(group=GROUP))
    for one in found:
        log.info("a recipe is there", recipe=one.name, package=one.package, version=one.version)
    for less in left_out:
        log.error(
            "a recipe is left out",
            package=less.package,
            version=less.version,
            offers=less.offers,
            problem=less.problem,
            exc_info=less.error,
        )
    return found


def sorted_out(offers: Iterable[EntryPoint]) -> tuple[list[Installed], list[LeftOut]]:
    """The recipes that can be run, by name, and what is left out.

    Imports the packages, whatever that takes. Where two offer a recipe of the same name, nobody can
    know which of them is meant: neither is run.
    """
    found: dict[str, list[tuple[EntryPoint, Installed]]] = {}
    left_out: list[LeftOut] = []
    for offer in offers:
        try:
            recipe = offer.load()
        except (Exception, SystemExit) as error:
            left_out.append(_without(offer, "cannot be imported", error))
            continue
        if problem := recipe_problem(recipe):
            left_out.append(_without(offer, problem))
        else:
            one = Installed(recipe, *_package(offer))
            found.setdefault(one.name, []).append((offer, one))
    for name, same in found.items():
        for offer, one in same:
            others = {other.package for _, other in same if other is not one}
            if others:
                left_out.append(
                    _without(offer, f"clashes: {name} comes from {', '.join(others)} too")
                )
    alone = [same[0][1] for _, same in sorted(found.items()) if len(same) == 1]
    return alone, left_out


def _without(offer: EntryPoint, problem: str, error: BaseException | None = None) -> LeftOut:
    return LeftOut(*_package(offer), offers=offer.value, problem=problem, error=error)


def _package(offer: EntryPoint) -> tuple[str, str]:
    return (offer.dist.name, offer.dist.version) if offer.dist else ("", "")
