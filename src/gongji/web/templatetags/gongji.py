"""Filters and components of every template: amounts, days, states, pictures."""

from django.template import Library

from gongji.base.money import format_yuan

register = Library()


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as yuan with two decimals and thin spaces by thousands; a dash for what is not known."""
    if fen is None:
        return "—"
    sign, text = ("−", format_yuan(-fen)) if fen < 0 else ("", format_yuan(fen))
    whole, _, cents = text.partition(".")
    return f"{sign}{int(whole):,}.{cents}".replace(",", "\u2009")
