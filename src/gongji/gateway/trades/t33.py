"""3301 目录对照上传, 3302 目录对照撤销: which national code an institution's own item stands for."""

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.catalog import mappings
from gongji.catalog.mapping_rules import Mapping
from gongji.gateway.calls import Call, Output, Reply
from gongji.gateway.idempotency import once
from gongji.gateway.messages import t33
from gongji.gateway.nodes import many, read_one, read_rows


async def upload(call: Call) -> Reply:
    """3301: rows of the caller's own items, all or none."""
    nodes = many(call.nodes, "data")
    if isinstance(nodes, Refusal):
        return nodes
    if not nodes:
        return Refusal("MISSING_NODE", "input.data")
    rows = read_rows(t33.MappingRow, nodes, "data")
    if isinstance(rows, Refusal):
        return rows
    said = [_mapping(row) for row in rows]
    platform = call.platform

    async def effect(connection: Connection) -> Reply:
        done = await mappings.upload(
            connection, platform.ids, platform.catalogue, call.caller, _actor(call), call.received_at, said
        )
        return done if isinstance(done, Refusal) else Output()

    return await once(call, effect)


def _mapping(row: t33.MappingRow) -> Mapping:
    return Mapping(
        list_type=row.list_type,
        local_item=row.fixmedins_hilist_id,
        code=row.med_list_codg,
        from_on=row.begndate,
        until_on=row.enddate,
        local_name=row.fixmedins_hilist_name,
        approval_no=row.aprvno,
        dosform=row.dosform,
        excluded=row.exct_cont,
        content=row.item_cont,
        unit=row.prcunt,
        spec=row.spec,
        pack_spec=row.pacspec,
        memo=row.memo,
    )


async def withdraw(call: Call) -> Reply:
    """3302: one mapping of the caller's own."""
    asked = read_one(t33.MappingWithdrawal, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    if asked.fixmedins_code not in ("", call.caller):
        return Refusal("FORBIDDEN", "fixmedins_code 须为本机构")
    key = (asked.list_type, asked.fixmedins_hilist_id)

    async def effect(connection: Connection) -> Reply:
        refused = await mappings.withdraw(
            connection,
            call.platform.ids,
            call.caller,
            _actor(call),
            call.received_at,
            key,
            asked.med_list_codg,
        )
        return refused or Output()

    return await once(call, effect)


def _actor(call: Call) -> Actor:
    return Actor("institution", call.caller)
