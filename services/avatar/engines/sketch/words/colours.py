"""Colour words, mixed on this illustrator's palette."""

COLOURS = {
    "red": "#d8493f", "crimson": "#b8303a", "scarlet": "#e0453a", "ruby": "#c22f4a", "cherry": "#d03048",
    "maroon": "#7f2f3a", "burgundy": "#7f2f44", "rust": "#b4603a", "rusty": "#b4603a", "russet": "#b4623a",
    "orange": "#ee8a3a", "amber": "#eea63a", "copper": "#c9763f", "bronze": "#b0803f", "ginger": "#dd8a44",
    "apricot": "#f6b27a", "peach": "#f8bc98", "coral": "#f28070", "salmon": "#f29080", "terracotta": "#c96f4a",
    "yellow": "#f5cf4a", "gold": "#ecbb44", "golden": "#ecbb44", "honey": "#e6ac44", "mustard": "#d6a83a",
    "lemon": "#f8e26a", "blonde": "#f0d488", "blond": "#f0d488", "cream": "#f8ecd0", "ivory": "#f8f0dc",
    "beige": "#e4cfac", "tan": "#d4ab7c", "sand": "#e2c890", "sandy": "#e2c890", "caramel": "#c98a4f",
    "brown": "#8f6040", "chocolate": "#6b4430", "chestnut": "#8f5236", "hazel": "#a8783f", "mahogany": "#7a3f30",
    "auburn": "#9a4a2f", "umber": "#6f4a35", "coffee": "#6f4c38",
    "green": "#66a856", "emerald": "#2f9a6a", "olive": "#8a8f48", "lime": "#a4d04a", "mint": "#a2dcc0",
    "moss": "#7a9450", "mossy": "#7a9450", "jade": "#4fae88", "sage": "#a4b890", "forest-green": "#3f7a4a",
    "teal": "#3a9a98", "turquoise": "#4cc4c0", "cyan": "#56c8dc", "aqua": "#66ccd0", "aquamarine": "#74d4c0",
    "blue": "#4f86c6", "sapphire": "#3462b8", "navy": "#34497f", "azure": "#5aa8e6", "cobalt": "#3a5fc0",
    "sky-blue": "#8cc4ee", "cerulean": "#4a9cd0", "indigo": "#54509f", "periwinkle": "#9aa4e0",
    "purple": "#8a62b4", "violet": "#8f68cc", "lavender": "#bda4e0", "lilac": "#c8aade", "plum": "#864a7a",
    "mauve": "#b48cac", "magenta": "#d04a9c", "amethyst": "#9a6ad0",
    "pink": "#f29ab4", "rose-pink": "#e8869c", "fuchsia": "#dc4a9a", "rosy": "#f0a0a8", "blush": "#f4b8b4",
    "white": "#f8f5ee", "snowy": "#f6f6f8", "pearl": "#f0ecea", "pearly": "#f0ecea", "alabaster": "#f6f0e6",
    "silver": "#c2c9d4", "silvery": "#c2c9d4", "grey": "#979aa6", "gray": "#979aa6", "charcoal": "#4c4a56",
    "ash": "#a8a4a4", "ashen": "#b4b0b0", "slate": "#6c7688", "smoky": "#8a8694", "steel": "#9aa6b4",
    "black": "#45414f", "ebony": "#3e3a46", "onyx": "#3c3a48", "jet": "#3e3c48", "midnight": "#353a66", "obsidian": "#3e3850",
    "inky": "#3c3a58", "shadowy": "#4c4560", "icy": "#b4dcee", "frosty": "#bfe2f0", "fiery": "#ea6a30", "flaming": "#ea6a30",
    "blazing": "#ee7430", "lava": "#d8482f", "molten": "#e0582f", "rainbow": "#e88ab0", "opal": "#dfe4f2", "pale": "#efe4d6",
    "iridescent": "#9ac4dc", "stormy": "#6f7f98", "leafy": "#7aae56", "electric": "#f6dc4a", "neon": "#6ae68a",
    "rojo": "#d8493f", "roja": "#d8493f", "azul": "#4f86c6", "verde": "#66a856", "rot": "#d8493f", "roter": "#d8493f",
    "blau": "#4f86c6", "blauer": "#4f86c6", "grün": "#66a856", "grüner": "#66a856", "rouge": "#d8493f", "bleu": "#4f86c6", "vert": "#66a856",
}

# What an adjective of matter or element does to a coat that no colour word names.
ELEMENTS = {
    "fire": "#ea6a30", "ice": "#b4dcee", "lightning": "#f6dc4a", "thunder": "#6f7f98", "shadow": "#4c4560",
    "gold-plated": "#ecbb44", "crystal": "#a8b8ea", "frost": "#bfe2f0", "volcanic": "#d8482f", "arctic": "#f4f4f6",
    "cosmic": "#54509f", "galactic": "#54509f", "nebula": "#7a5ab4", "galaxy": "#54509f",
}
