"""3501-3507 进销存 upload: counts, changes, purchases, sales, what came back, and what is taken back; 3592B one-time trace codes.

The plain forms are all or nothing; the A forms keep the good rows and tell of every row what became of it. When no row of an A form
could be taken the message is refused: nothing happened. Both take one row or many.
"""

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.gateway.calls import Call, Output, Reply, output
from gongji.gateway.filing import plain
from gongji.gateway.idempotency import once
from gongji.gateway.messages import t35
from gongji.gateway.nodes import Node, find, many, read, read_one
from gongji.gateway.stockrows import entry_of
from gongji.stock.deleting import delete
from gongji.stock.rules import MARKS
from gongji.stock.services import Upload, issue_virtual_code, post
from gongji.stock.values import Entry, Posted

__all__ = [
    "changes",
    "counts",
    "deletions",
    "purchase_returns",
    "purchases",
    "sale_returns",
    "sales",
    "virtual_code",
]

REPEATED = "此前已登记，不重复计入"
DELETED = "机构删除"
SHOWN = 10
"""Rows that a refusal of a whole message names."""


class Form(msgspec.Struct, frozen=True):
    """One trade's rows: node names of the plain and the A form, of the A form's answer, and what the row's number is called."""

    kind: type[t35.Row]
    node: str
    node_a: str
    answer_a: str
    number: str


COUNT = Form(t35.Count, "invinfo", "invinfoDetail", "invinfoErrDetail", "medins_prod_inv_no")
CHANGE = Form(t35.Change, "invinfo", "invinfoDetail", "invinfoErrDetail", "medins_prod_inv_chg_no")
PURCHASE = Form(t35.Purchase, "purcinfo", "purcinfoDetail", "purcinfoDetail", "medins_prod_purc_no")
PURCHASE_RETURN = Form(
    t35.PurchaseReturn, "purcinfo", "purcinfoDetail", "purcinfoErrDetail", "medins_prod_purc_no"
)
SALE = Form(t35.Sale, "selinfo", "selinfoDetail", "selinfoDetail", "medins_prod_sel_no")
SALE_RETURN = Form(t35.SaleReturn, "selinfo", "selinfoDetail", "selinfoErrDetail", "medins_prod_sel_no")


async def counts(call: Call) -> Reply:
    """3501, 3501A: what was counted on a day; the difference to the books becomes a movement of its own."""
    return await _upload(call, COUNT)


async def changes(call: Call) -> Reply:
    """3502, 3502A: transfers, finds, losses, gifts; the kind of change says whether they add or take."""
    return await _upload(call, CHANGE)


async def purchases(call: Call) -> Reply:
    """3503, 3503A."""
    return await _upload(call, PURCHASE)


async def purchase_returns(call: Call) -> Reply:
    """3504, 3504A."""
    return await _upload(call, PURCHASE_RETURN)


async def sales(call: Call) -> Reply:
    """3505, 3505A: also of what was dispensed on a prescription and is known already."""
    return await _upload(call, SALE)


async def sale_returns(call: Call) -> Reply:
    """3506, 3506A."""
    return await _upload(call, SALE_RETURN)


def upload_of(call: Call) -> Upload:
    """What the stock room is told of the message."""
    platform = call.platform
    return Upload(call.caller, call.message.infno, call.received_at, platform.ids, platform.vault)


def by_rows(call: Call) -> bool:
    """Whether the message is of the A form, which answers row by row."""
    return call.message.infno.upper().endswith("A")


async def _upload(call: Call, form: Form) -> Reply:
    names = (form.node_a, form.node) if by_rows(call) else (form.node, form.node_a)
    rows = many(call.nodes, *names)
    if isinstance(rows, Refusal):
        return rows
    if not rows:
        return Refusal("MISSING_NODE", f"input.{names[0]}")
    beside = t35.as_nodes(find(call.nodes, "drugtracinfo")) if len(rows) == 1 else []
    entries = [_entry(row, form, f"{names[0]}[{index}]", beside) for index, row in enumerate(rows, start=1)]

    async def effect(connection: Connection) -> Reply:
        good = [entry for entry in entries if isinstance(entry, Entry)]
        posted = iter(await post(connection, upload_of(call), good))
        done = [Posted(refusal=entry) if isinstance(entry, Refusal) else next(posted) for entry in entries]
        return _answer(
            call,
            form.answer_a,
            [_result(row, one, form.number) for row, one in zip(rows, done, strict=True)],
            done,
        )

    if not by_rows(call):
        wrong = next((entry for entry in entries if isinstance(entry, Refusal)), None)
        if wrong is not None:
            return wrong
    return await once(call, effect)


def _entry(row: Node, form: Form, where: str, beside: list[object]) -> Entry | Refusal:
    said = read(form.kind, row, where)
    return said if isinstance(said, Refusal) else entry_of(said, beside)


def _answer(call: Call, node: str, results: list[t35.RowResult], done: list[Posted]) -> Reply:
    """The answer of either form; a refusal rolls back what was written."""
    wrong = [(index, one.refusal) for index, one in enumerate(done, start=1) if one.refusal is not None]
    if not by_rows(call):
        return wrong[0][1] if wrong else Output(warning=_remarks(done))
    if len(wrong) == len(done):
        first = wrong[0][1]
        if len(wrong) == 1:
            return first
        others = "；".join(f"第 {index} 行 {one.text}" for index, one in wrong[1:SHOWN])
        return msgspec.structs.replace(first, detail=f"{first.detail}（第 1 行；{others}）")
    short = [t35.RowResult(one.retRslt, one.msgRslt) for one in results]
    return Output(msgspec.json.encode({"result": short, node: results}), _remarks(done))


def _result(row: Node, one: Posted, number: str) -> t35.RowResult:
    told = {name: _text(find(row, name)) for name in t35.RowResult.__struct_fields__[2:] if name != number}
    if one.movement_id:
        told[number] = str(one.movement_id)
    return t35.RowResult("0" if one.refusal else "1", _message(one), **told)


def _text(value: object) -> str:
    """What came in a field that names the row, fit to be sent back."""
    text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    return text[:200] if text.isprintable() else ""


def _message(one: Posted) -> str:
    if one.refusal is not None:
        return one.refusal.text
    return REPEATED if one.repeated else "；".join(MARKS[mark] for mark in one.marks)


def _remarks(done: list[Posted]) -> str:
    """What the sender should look into, for ``warn_msg``."""
    found = [
        f"第 {index} 行：{_message(one)}"
        for index, one in enumerate(done, start=1)
        if one.refusal is None and (one.marks or one.repeated)
    ]
    more = f"；等 {len(found)} 行" if len(found) > SHOWN else ""
    return "；".join(found[:SHOWN]) + more


async def deletions(call: Call) -> Reply:
    """3507, 3507A: everything of one kind that was uploaded of a batch is taken back."""
    names = ("goodDetail", "data") if by_rows(call) else ("data", "goodDetail")
    rows = many(call.nodes, *names)
    if isinstance(rows, Refusal):
        return rows
    if not rows:
        return Refusal("MISSING_NODE", f"input.{names[0]}")
    asked = [read(t35.Deletion, row, f"{names[0]}[{index}]") for index, row in enumerate(rows, start=1)]

    async def effect(connection: Connection) -> Reply:
        done = [await _deleted(call, connection, one) for one in asked]
        results = [_result(row, one, "") for row, one in zip(rows, done, strict=True)]
        return _answer(call, "goodErrDetail", results, done)

    if not by_rows(call):
        wrong = next((one for one in asked if isinstance(one, Refusal)), None)
        if wrong is not None:
            return wrong
    return await once(call, effect)


async def _deleted(call: Call, connection: Connection, asked: t35.Deletion | Refusal) -> Posted:
    if isinstance(asked, Refusal):
        return Posted(refusal=asked)
    reason = plain(asked.memo) or DELETED
    gone = await delete(connection, upload_of(call), asked.fixmedins_bchno, asked.inv_data_type, reason)
    return Posted(refusal=gone) if isinstance(gone, Refusal) else Posted()


async def virtual_code(call: Call) -> Reply:
    """3592B: a one-time code, unguessable and only this institution's."""
    asked = read_one(t35.VirtualCodeRequest, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked

    async def effect(connection: Connection) -> Reply:
        code = await issue_virtual_code(
            connection,
            upload_of(call),
            item=asked.med_list_codg,
            local_item=asked.fixmedins_hilist_id,
            local_name=asked.fixmedins_hilist_name,
            batch=asked.fixmedins_bchno,
        )
        made = t35.VirtualCode(
            asked.med_list_codg, asked.fixmedins_hilist_id, asked.fixmedins_hilist_name, code
        )
        return output(t35.VirtualCodeOutput(made))

    return await once(call, effect)
