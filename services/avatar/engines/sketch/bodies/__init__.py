"""The body plans, by name."""

from collections.abc import Mapping
from types import MappingProxyType

from services.avatar.engines.sketch.bodies.beast import beast
from services.avatar.engines.sketch.bodies.birds import bird
from services.avatar.engines.sketch.bodies.boneless import jellyfish, octopus
from services.avatar.engines.sketch.bodies.conjured import ghost, slime
from services.avatar.engines.sketch.bodies.critter import alien, critter
from services.avatar.engines.sketch.bodies.dragonkind import dragon
from services.avatar.engines.sketch.bodies.griffin import griffin
from services.avatar.engines.sketch.bodies.growing import mushroom, tree
from services.avatar.engines.sketch.bodies.insects import insect
from services.avatar.engines.sketch.bodies.people import person
from services.avatar.engines.sketch.bodies.pond import frog, snail, turtle
from services.avatar.engines.sketch.bodies.potted import sprout
from services.avatar.engines.sketch.bodies.reef import crab, seahorse
from services.avatar.engines.sketch.bodies.robot import robot
from services.avatar.engines.sketch.bodies.sea import fish, whale
from services.avatar.engines.sketch.bodies.skyborn import skyborn
from services.avatar.engines.sketch.bodies.snake import snake
from services.avatar.engines.sketch.bodies.steeds import steed
from services.avatar.engines.sketch.bodies.stone import golem, snowman
from services.avatar.engines.sketch.build import Plan

PLANS: Mapping[str, Plan] = MappingProxyType(
    {
        plan.__name__: plan
        for plan in (
            alien,
            beast,
            bird,
            crab,
            critter,
            dragon,
            fish,
            frog,
            ghost,
            golem,
            griffin,
            insect,
            jellyfish,
            mushroom,
            octopus,
            person,
            robot,
            seahorse,
            skyborn,
            slime,
            snail,
            snake,
            snowman,
            sprout,
            steed,
            tree,
            turtle,
            whale,
        )
    }
)
