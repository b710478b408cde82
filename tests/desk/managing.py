"""What the tests of an institution's management share: its places, forms as the pages show them, files as people send them."""

import re
from typing import Any

from gongji.demo_data import generate
from tests.web.asgi import HOST, Browser

__all__ = ["CENTRE", "SHOP", "WORLD", "fields_of", "send_file", "table"]

WORLD = generate()
SHOP = WORLD.institution("演示大药房总店").code
CENTRE = WORLD.institution("演示街道社区卫生服务中心").code
HIDDEN = re.compile(r'<input type="hidden" name="(msgid|do|batch|type|local|list)" value="([^"]*)"')


async def fields_of(browser: Browser, address: str) -> dict[str, str]:
    """The hidden fields of the page's form, as a browser would send them back."""
    answer = await browser.get(address)
    assert answer.status_code == 200, answer.text
    return dict(HIDDEN.findall(answer.text))


def table(*rows: tuple[str, ...]) -> bytes:
    """A CSV of these rows, as Excel saves it in China."""
    return "\r\n".join(",".join(row) for row in rows).encode("gb18030")


async def send_file(browser: Browser, address: str, content: bytes, **fields: str) -> Any:
    """POST of a form with a file; answers the page that follows."""
    await browser.get(address)
    headers = {"X-CSRFToken": browser.cookies.get("gongji_csrf", ""), "Referer": HOST + "/"}
    files = {"file": ("表.csv", content, "text/csv")}
    return await browser.post(address, data=fields, files=files, headers=headers, follow_redirects=True)
