"""Who is signed in on a request: the session's account as it is now, so that what was taken away is gone with the next page."""

from django.http import HttpRequest

from gongji.access.models import Account, Grant
from gongji.access.visitor import Visitor

__all__ = ["ACCOUNT", "GENERATION", "visitor_of"]

ACCOUNT = "account"
GENERATION = "generation"


async def visitor_of(request: HttpRequest) -> Visitor | None:
    """The visitor of this request; None for nobody, an account that may no longer sign in, or a session of before a change."""
    number = await request.session.aget(ACCOUNT)
    if number is None:
        return None
    account = await Account.objects.filter(pk=number, is_active=True).afirst()
    if account is None or account.generation != await request.session.aget(GENERATION):
        return None
    return await visitor(account)


async def visitor(account: Account) -> Visitor:
    """The account with its roles."""
    roles = [role async for role in Grant.objects.filter(account=account).values_list("role", flat=True)]
    return Visitor(
        account.pk,
        account.username,
        account.name,
        frozenset(roles),
        account.psn_no,
        account.institution,
        account.staff_code,
        account.area,
    )
