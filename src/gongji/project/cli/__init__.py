"""The command `gongji`: one group whose sub-commands are imported only when they are used.

`gongji quote` must answer without Django or a database driver being imported, so the root knows its
sub-commands by name, place and one line of help, and nothing more.
"""

from __future__ import annotations

from typing import Final

import click

from gongji import __version__
from gongji.project.cli.root import LazyCommand, LazyGroup

__all__ = ["COMMANDS", "main"]

COMMANDS: Final[dict[str, LazyCommand]] = {
    "quote": LazyCommand("gongji.project.cli.quote:quote", "试算一次就诊：逐步列出公式、金额和条文"),
    "cases": LazyCommand("gongji.project.cli.cases:cases", "运行案例文件（tests/golden 的 YAML）"),
    "policy": LazyCommand("gongji.project.cli.policy:policy", "政策库：检查、查看、比较、解释"),
    "clauses": LazyCommand("gongji.project.cli.clauses:clauses", "条文对照表：条文、代码、测试"),
    "serve": LazyCommand("gongji.project.cli.serve:serve", "启动服务（国家接口和状态页）"),
    "demo": LazyCommand("gongji.project.cli.demo:demo", "演示：一位参保人经接口走完全程"),
    "members": LazyCommand("gongji.project.cli.members:members", "参保：登记、变更、凭证、备案、缴费、申请"),
    "accounts": LazyCommand(
        "gongji.project.cli.accounts:accounts", "个人账户：划入、计息、共济、代缴、转移、支取、对账单"
    ),
    "claims": LazyCommand("gongji.project.cli.claims:claims", "零星报销：受理、审核、结算、支付、期限"),
    "providers": LazyCommand(
        "gongji.project.cli.providers:providers", "定点医药机构：医务人员、位置、服务、密钥"
    ),
    "catalog": LazyCommand("gongji.project.cli.catalog:catalog", "医保目录：查询、导入、比对、批准、版本"),
    "prescriptions": LazyCommand(
        "gongji.project.cli.prescriptions:prescriptions", "电子处方：查看、列表、二维码、到时处理、通知"
    ),
    "stock": LazyCommand("gongji.project.cli.stock:stock", "进销存：平衡、库存、药品追溯码"),
    "access": LazyCommand("gongji.project.cli.access:access", "账号与权限：建立、授权、锁定、重置、权限表"),
    "explain": LazyCommand("gongji.project.cli.explain:explain", "说明一笔已存的结算或退费，逐项列出条文"),
    "receipt": LazyCommand("gongji.project.cli.receipt:receipt", "打印一笔结算或退费的结算单"),
    "verify": LazyCommand("gongji.project.cli.verify:verify", "核验：重算结算、重建累计、检查账簿和哈希链"),
    "db": LazyCommand("gongji.project.cli.db:db", "内嵌数据库：启动、停止、状态、备份、恢复"),
    "migrate": LazyCommand("gongji.project.cli.db:migrate", "建立或升级数据库的表"),
    "load": LazyCommand("gongji.project.cli.load:load", "装入政策库和演示数据"),
}


@click.group(cls=LazyGroup, commands_by_name=COMMANDS)
@click.version_option(__version__, prog_name="gongji", message="%(prog)s %(version)s", help="显示版本。")
def main() -> None:
    """共济：职工医保门诊共济结算平台。

    每一分钱都按就诊当日有效的条文计算，并能逐条说明依据。
    """
