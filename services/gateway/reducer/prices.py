"""What work costs by its price. Pure."""

from hatchery.types.v1.cost_pb2 import Cost, Price

# Prices are for so many tokens.
_TOKENS = 1000


def cost_of(price: Price, read: int, written: int, pictures: int) -> Cost:
    """The cost of tokens that were read and written, and of pictures; a part counts as a whole."""
    tokens = price.input_micros * read + price.output_micros * written
    return Cost(
        amount_micros=-(-tokens // _TOKENS) + price.picture_micros * pictures, unit=price.unit
    )
