"""The page at ``/``: what runs here and how to try it, in Chinese, without scripts or foreign assets."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from gongji import __version__
from gongji.gateway.platform import Platform
from gongji.gateway.trades import TRADES

GENERIC = "/fsi/api/rsfComIfsService/callService"

STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.7 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:0 auto;max-width:52rem;padding:1.5rem}
h1{font-size:1.6rem;margin:.2em 0;color:#0f766e}a{color:#0f766e}h2{font-size:1.15rem;margin:1.6em 0 .4em}
table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #8884;padding:.35em .5em;text-align:left;vertical-align:top}
th{white-space:nowrap;padding-right:1.5em}code{overflow-wrap:anywhere}
code,pre{font-family:ui-monospace,monospace;background:#8882;border-radius:4px}code{padding:.1em .3em}
pre{padding:.8em;overflow-x:auto}
"""

DEMO_NOTE = "这是演示服务：参保人、机构和目录都是编造的，政策未规定的数值取自演示补充参数，不能用于真实结算。"


def page(platform: Platform) -> bytes:
    """The whole page."""
    law = platform.law
    demo = f"<p><strong>{DEMO_NOTE}</strong></p>" if platform.settings.demo else ""
    documents = "".join(
        f"<tr><td>{escape(number)}</td><td>{escape(title)}</td></tr>"
        for number, title in _documents(platform)
    )
    trades = "".join(
        f"<tr><td>{infno}</td><td>{escape(trade.name)}</td></tr>" for infno, trade in TRADES.items()
    )
    signature = "需要（_api_* 签名）" if platform.settings.signature == "api" else "不需要（由前置网关负责）"
    html = f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>共济</title><style>{STYLE}</style></head><body>
<h1>共济</h1>
<p>职工医保门诊共济结算平台，版本 {escape(__version__)}。每一分钱都按就诊当日有效的条文计算，并能逐条说明依据。</p>
{demo}
<h2>正在运行</h2>
<table>
<tr><th scope="row">国家接口</th><td><code>POST {GENERIC}</code></td></tr>
<tr><th scope="row">签名</th><td>{signature}</td></tr>
<tr><th scope="row">定点医药机构</th><td>{len(platform.providers):,} 家</td></tr>
<tr><th scope="row">医保目录</th><td>{len(platform.catalogue):,} 项</td></tr>
<tr><th scope="row">政策库</th><td>{len(law.library.documents)} 个文件，版本 <code>{escape(law.digest[:16])}</code></td></tr>
<tr><th scope="row">只读</th><td>{"是" if platform.settings.read_only else "否"}</td></tr>
</table>
<h2>试一试</h2>
<table>
<tr><th scope="row"><code>gongji demo</code></th><td>一位参保人经接口走完全程</td></tr>
<tr><th scope="row"><code>gongji quote --help</code></th><td>不连数据库，试算一次就诊</td></tr>
<tr><th scope="row"><code>gongji verify</code></th><td>重算每一笔结算，核对账簿</td></tr>
</table>
<p>状态：<a href="/health">存活</a>、<a href="/ready">就绪</a>、<a href="/metrics">指标</a>。
接口说明见项目文档 <code>docs/interface.md</code>。</p>
<h2>已开放的交易</h2>
<table>{trades}</table>
<h2>政策文件</h2>
<table>{documents}</table>
</body></html>"""
    return html.encode()


def _documents(platform: Platform) -> Iterable[tuple[str, str]]:
    for document in platform.law.library.documents.values():
        yield document.number or document.id, document.title
