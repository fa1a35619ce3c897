"""The price list: what the work of models costs, and what owners may spend; docs/prices.md."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from hatchery.types.v1.cost_pb2 import Price
from hatchery.types.v1.model_pb2 import Model
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from services.gateway.store.budgets import Budget
from services.runtime.errors import HatcheryError

_MICROS = 1_000_000
_ANY = "*"
_LONGEST = 10 * 366 * 86_400
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_PERIOD = re.compile(r"([1-9]\d{0,8})([smhd])")
# What 64 bits hold in millionths, with room for sums.
_Amount = Annotated[Decimal, Field(ge=0, le=10**9, max_digits=18, decimal_places=6)]


class PricesUnusable(HatcheryError):
    """The price list cannot be read, or says what it cannot mean."""


def _period(text: object) -> dt.timedelta:
    found = _PERIOD.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError('a period looks like "1d" or "12h"')
    period = dt.timedelta(seconds=min(int(found[1]) * _SECONDS[found[2]], _LONGEST))
    if period.total_seconds() >= _LONGEST:
        raise ValueError("a period is shorter than ten years")
    return period


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _ModelPrice(_Strict):
    input: _Amount = Decimal()
    output: _Amount = Decimal()
    picture: _Amount = Decimal()


class _Budget(_Strict):
    limit: _Amount
    period: Annotated[dt.timedelta, BeforeValidator(_period)]
    owners: Mapping[str, _Amount] = {}


class PriceList(_Strict):
    """What there is to pay. An empty one: nothing."""

    unit: Annotated[str, Field(min_length=1, max_length=20)] = "units"
    models: Mapping[str, _ModelPrice] = {}
    budget: _Budget | None = None

    @classmethod
    def read(cls, path: Path | None) -> "PriceList":
        """The list in a file; an empty one for none. Raises PricesUnusable."""
        if path is None:
            return cls()
        try:
            return cls.model_validate(tomllib.loads(path.read_text(), parse_float=Decimal))
        except ValidationError as error:
            problem = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in problem["loc"])
            raise PricesUnusable(f"the price list {path}: {where}: {problem['msg']}") from error
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise PricesUnusable(f"the price list {path} cannot be read: {error}") from error

    def price(self, model: Model) -> Price | None:
        """The price of a model; None where its work costs nothing."""
        names = (model.name, *model.aliases, _ANY)
        found = next((self.models[name] for name in names if name in self.models), None)
        if found is None:
            return None
        return Price(
            unit=self.unit,
            input_micros=_micros(found.input),
            output_micros=_micros(found.output),
            picture_micros=_micros(found.picture),
        )

    def budget_of(self, owner: str) -> Budget | None:
        """What an owner may spend; None for as much as they like."""
        if self.budget is None:
            return None
        limit = self.budget.owners.get(owner, self.budget.limit)
        return Budget(_micros(limit), self.budget.period, self.unit)


def _micros(amount: Decimal) -> int:
    return int(amount * _MICROS)
