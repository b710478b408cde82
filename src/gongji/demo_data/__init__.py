"""Demonstration data: members, institutions and a catalogue that are made up, the same for the same seed.

Nothing here is a real person or institution. Identity numbers begin with 140199, an area code that nobody has.
"""

from gongji.demo_data.load import load
from gongji.demo_data.world import World, generate

__all__ = ["World", "generate", "load"]
