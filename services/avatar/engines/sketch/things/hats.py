"""What sits on a head: drawn for a crown at the origin, 84 the skull's half width."""

from services.avatar.engines.sketch.things.adornments import adornment
from services.avatar.engines.sketch.things.costume_hats import costume_hat
from services.avatar.engines.sketch.things.plain_hats import plain_hat
from services.avatar.engines.sketch.things.working_hats import working_hat


def hat(name: str, colour: str, looks: frozenset[str] = frozenset()) -> str:
    """The named hat in `colour`, or in its own; empty for what is no hat."""
    drawings = (draw(name, colour) for draw in (working_hat, adornment, costume_hat))
    return plain_hat(name, colour, looks) or next(filter(None, drawings), "")
