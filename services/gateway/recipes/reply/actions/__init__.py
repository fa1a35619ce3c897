"""What a companion can do when it answers: a module in this folder for each action."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from services.gateway.recipes.reply.action import Action

ACTIONS: Mapping[str, Action] = {
    module.name: import_module(f"{__name__}.{module.name}").ACTION
    for module in sorted(iter_modules(__path__), key=lambda module: module.name)
}
