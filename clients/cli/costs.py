"""Amounts and prices as people read them; each is in millionths of a unit of the price list."""

from hatchery.types.v1.cost_pb2 import Cost, Price

from clients.cli.wording import clean

_MICROS = 1_000_000


def cost(told: Cost | None) -> str:
    """Return "3.20 bricks", "0.0123 bricks"; nothing for None."""
    if told is None:
        return ""
    value = told.amount_micros / _MICROS
    places = 2 if value >= 1 or not value else 4 if value >= 0.001 else 6
    return clean(f"{value:,.{places}f} {told.unit}")


def exactly(micros: int) -> str:
    """Return "12", "0.5", "0.000001": what somebody has set."""
    whole, part = divmod(micros, _MICROS)
    return f"{whole:,}" + f".{part:06}".rstrip("0").rstrip(".")


def price(told: Price) -> str:
    """Return what the work of a text model costs: "0.1 bricks per 1,000 tokens read, 1 written"."""
    read, written = exactly(told.input_micros), exactly(told.output_micros)
    return f"{read} {clean(told.unit)} per 1,000 tokens read, {written} written"


def picture_price(told: Price) -> str:
    """Return what the work of an image model costs: "2 bricks per picture"."""
    return f"{exactly(told.picture_micros)} {clean(told.unit)} per picture"
