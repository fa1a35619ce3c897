"""Panels, and the PromQL that they are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WHERE = 'namespace=~"$namespace"'
RECIPE = f'{WHERE}, hatchery_recipe=~"$recipe"'


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture: `unit` is Grafana's name for it, `queries` are PromQL by their legend."""

    title: str
    unit: str
    description: str
    queries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under one title."""

    title: str
    panels: Sequence[Panel]


def rate(metric: str, by: str, where: str = WHERE) -> str:
    """How often a second; `by` are labels."""
    return f"sum by ({by}) (rate({metric}{{{where}}}[$__rate_interval]))"


def total(metric: str, where: str = WHERE) -> str:
    """How often a second in all."""
    return f"sum(rate({metric}{{{where}}}[$__rate_interval]))"


def quantile(share: float, histogram: str, by: str = "", where: str = WHERE) -> str:
    """What so many of the values do not exceed; `by` are labels."""
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, {rate(f'{histogram}_bucket', labels, where)})"


def spread(histogram: str, by: str = "", where: str = WHERE) -> Mapping[str, str]:
    """Its median, and what one in a hundred exceeds."""
    names = " ".join(f"{{{{{label.strip()}}}}}" for label in by.split(",") if label)
    return {
        f"{label} {names}".strip(): quantile(share, histogram, by, where)
        for label, share in (("half", 0.5), ("99 of 100", 0.99))
    }


def of_services(metric: str) -> str:
    """Has each sample say which service it is from."""
    services = f'target_info{{{WHERE}, service_name=~"hatchery-.*"}}'
    return f"{metric}{{{WHERE}}} * on (job, instance) group_left (service_name) {services}"
