"""What work costs by its price, and prices as they are kept with a generation. Pure."""

import json
from collections.abc import Mapping

from hatchery.types.v1.cost_pb2 import Cost, Price

# Prices are for so many tokens.
_TOKENS = 1000


def cost_of(price: Price, read: int, written: int, pictures: int) -> Cost:
    """The cost of tokens that were read and written, and of pictures; a part counts as a whole."""
    tokens = price.input_micros * read + price.output_micros * written
    return Cost(
        amount_micros=-(-tokens // _TOKENS) + price.picture_micros * pictures, unit=price.unit
    )


def encoded(prices: Mapping[str, Price]) -> str:
    """Prices by step, as text."""
    return json.dumps(
        {
            step: [price.unit, price.input_micros, price.output_micros, price.picture_micros]
            for step, price in prices.items()
        }
    )


def decoded(text: str) -> dict[str, Price]:
    """Prices by step, from their text."""
    return {
        step: Price(unit=unit, input_micros=read, output_micros=written, picture_micros=picture)
        for step, (unit, read, written, picture) in json.loads(text).items()
    }
