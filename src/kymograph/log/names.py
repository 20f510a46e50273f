"""Memorable names for runs: adjective-noun-number."""

from __future__ import annotations

import os

_ADJECTIVES = (  # noqa: SIM905 - a list of words reads best as words
    "agile amber ample apt arctic ashen autumn azure bold brave breezy bright brisk bronze calm candid "
    "carbon cedar cheery civil clear clever cobalt coral cosmic cozy crimson crisp curious dapper daring "
    "deep deft dusty eager early earnest easy elder electric emerald fabled fair famous fancy fast "
    "fearless fine fleet floral fluent fond frank fresh frosty gentle gifted gilded glad golden grand "
    "green happy hardy hazel hidden honest humble icy ideal indigo ivory jade jolly jovial keen kind "
    "lively loyal lucid lucky lunar magic maple marble mellow merry mild misty modest mossy neat nimble "
    "noble olive opal patient pearl placid plucky polar polite proud pure quick quiet rapid ready regal "
    "robust rosy royal ruby rustic sage scarlet serene sharp shiny silent silver sleek smart snowy solar "
    "solid spry stable starry steady stellar sturdy sunny swift tidy tranquil true upbeat valiant velvet "
    "vivid warm wise witty young zesty"
).split()

_NOUNS = (  # noqa: SIM905 - a list of words reads best as words
    "acorn aspen badger bamboo basin bay beacon beaver birch bison bobcat breeze brook canyon caribou "
    "cliff cloud comet condor coral cove coyote crane creek cricket crow cypress dale dawn delta dingo "
    "dolphin dove dune eagle egret elk elm ember falcon fern ferret field finch fjord forest fox gale "
    "garnet gazelle gecko geyser glacier glade grove gull harbor hare hawk heron hill ibex ibis island "
    "jaguar jay juniper kestrel kite koala lagoon lake lark lemur lily lion llama lotus lynx magpie mango "
    "marsh marten meadow mesa mink moon moose moth oak oasis ocean ocelot orca orchid oriole osprey otter "
    "owl panda panther peak pebble pelican pine plover pond poplar prairie puma quail quartz rabbit raven "
    "reef ridge river robin salmon sequoia shore sparrow spruce squid starling stork summit sunrise swan "
    "tapir tern thicket thrush tiger topaz trout tulip tundra turtle valley violet walrus willow wolf "
    "wren yak zebra"
).split()


def new_name(runs_before: int) -> str:
    """A name for a new run, for example amber-heron-42.

    The number says how many runs were there before; two runs that start at the same moment and share it
    still differ in their words, but for one chance in twenty thousand.
    """
    first, second, third, fourth = os.urandom(4)
    adjective = _ADJECTIVES[(first << 8 | second) % len(_ADJECTIVES)]
    noun = _NOUNS[(third << 8 | fourth) % len(_NOUNS)]
    return f"{adjective}-{noun}-{runs_before + 1}"
