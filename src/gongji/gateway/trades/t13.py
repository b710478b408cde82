"""1301-1320 目录下载: the file of what the institution's software lacks of a list, fetched by 9102."""

from gongji.base.reasons import Refusal
from gongji.base.times import day_in_china
from gongji.gateway.calls import Call, Reply, output
from gongji.gateway.downloads import empty_list, list_of_diseases, list_of_items
from gongji.gateway.files import KeptList
from gongji.gateway.listfiles import HELD, version_number
from gongji.gateway.messages import t13
from gongji.gateway.nodes import read_one
from gongji.gateway.values import day

DISEASES = "1309"
NOT_KEPT = "本平台不保存这个目录，文件没有数据行"
DELETED = "本地版本之后有目录行被删除，请用 v0000 重新下载全部"


async def download(call: Call) -> Reply:
    """The list of this trade: rows later than ``ver``. Which list, its own number says."""
    asked = read_one(t13.Download, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    version = version_number(asked.ver)
    if isinstance(version, Refusal):
        return version
    infno, platform, at, warning = call.message.infno, call.platform, call.received_at, ""
    if infno in HELD:
        made = await list_of_items(platform, infno, HELD[infno], version, at)
        if isinstance(made, Refusal):
            return made
        found: KeptList | Refusal = made[0]
        warning = DELETED if made[1] else ""
    elif infno == DISEASES:
        found = await list_of_diseases(platform, infno, call.provider.region, version, at)
    else:
        found, warning = await empty_list(platform, infno, at), NOT_KEPT
    if isinstance(found, Refusal):
        return found
    until = day(day_in_china(found.expires_at))
    return output(t13.ListOutput(found.file_no, found.name, until, until, found.row_count), warning)
