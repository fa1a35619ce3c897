"""Metrics as Prometheus reads them."""

import asyncio
import re
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families


class Scrape:
    """What was read at once."""

    def __init__(self, text: str) -> None:
        self.text = text
        families = list(text_string_to_metric_families(text))
        self.kinds = {family.name: family.type for family in families}
        self._samples = [sample for family in families for sample in family.samples]

    def __call__(self, name: str, **labels: str) -> float:
        """The sum of the samples of a name that have these labels; 0 where there are none."""
        return sum(
            sample.value
            for sample in self._samples
            if sample.name == name and _has(sample.labels, labels)
        )

    def series(self, **more: str) -> dict[str, float]:
        """Every sample as Prometheus keeps it, with what it adds to the labels."""
        return {
            sample.name
            + "{"
            + ", ".join(f'{name}="{value}"' for name, value in (sample.labels | more).items())
            + "}": sample.value
            for sample in self._samples
        }

    def labels(self, label: str) -> set[str]:
        """Every value that a label has anywhere."""
        return {s.labels[label] for s in self._samples if label in s.labels}

    def labels_of(self, name: str) -> set[str]:
        """The labels that the samples of a metric have, but for those of buckets."""
        return {
            label
            for sample in self._samples
            if _metric(sample.name) == name
            for label, value in sample.labels.items()
            if value and label != "le"
        }

    @property
    def names(self) -> set[str]:
        """The names that samples have, those of histograms without what is behind them."""
        return {_metric(sample.name) for sample in self._samples}


def _metric(sample: str) -> str:
    return sample.removesuffix("_bucket").removesuffix("_count").removesuffix("_sum")


def _has(labels: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(labels.get(name) == value for name, value in wanted.items())


def listed_in(page: Path, *sections: str) -> dict[str, set[str]]:
    """The labels of each metric that sections of docs/metrics.md list."""
    return {
        name: set(re.findall(r"`(\w+)`", labels))
        for section in sections
        for name, labels in re.findall(
            r"^\| `(\w+)` \| .* \| (.*) \|$",
            page.read_text().partition(f"\n## {section}\n")[2].partition("\n## ")[0],
            re.MULTILINE,
        )
    }


async def scrape(listen: str) -> Scrape:
    """Reads what is served at host:port."""

    def read() -> str:
        with urllib.request.urlopen(f"http://{listen}/metrics", timeout=5) as answer:
            text: str = answer.read().decode()
            return text

    return Scrape(await asyncio.to_thread(read))
