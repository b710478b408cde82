"""Catalogue (三个目录): drugs, services, consumables; 甲/乙/丙, payment standards, restrictions."""

from gongji.catalog.values import Catalogue, Item, ItemSpell, PriceSpell

__all__ = ["Catalogue", "Item", "ItemSpell", "PriceSpell"]
