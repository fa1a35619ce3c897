"""What things are made of."""

WOOD = "#a8713f"
STEEL = "#c6d0dc"
GOLD = "#f2c24e"
