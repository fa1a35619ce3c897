"""Every recipe, by its name."""

from services.gateway.recipes.agent import (
    CREATE_AGENT,
    CREATE_AGENT_FROM_PICTURE,
    REGENERATE_AVATAR,
)
from services.gateway.recipes.artifact.steps import CREATE_APP, CREATE_TEXT
from services.gateway.recipes.reply.steps import SEND_MESSAGE

RECIPES = {
    recipe.name: recipe
    for recipe in (
        CREATE_AGENT,
        CREATE_AGENT_FROM_PICTURE,
        REGENERATE_AVATAR,
        CREATE_TEXT,
        CREATE_APP,
        SEND_MESSAGE,
    )
}
