"""What is shown when a page cannot be: in the look of the others, in Chinese, with a way out. Never raises, asks no database."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

__all__ = [
    "bad_request",
    "csrf_failure",
    "error_page",
    "forbidden",
    "not_found",
    "server_error",
    "too_large",
]

TEXTS: Final = {
    400: ("请求无法识别", "浏览器送来的内容不完整或格式不对。请返回上一页，刷新后重试。"),
    403: ("没有权限", "您不能打开这一页。"),
    404: ("没有这一页", "地址可能写错了，或者内容已经移走。请从首页重新进入。"),
    405: ("不能这样打开", "这个地址只接受表单提交。请从页面上的按钮进入。"),
    413: ("文件太大", "送来的内容超过了上限。请把照片拍小一些，或分几次上传。"),
    500: (
        "系统出错了",
        "这一次没有办成，问题已经记录。请稍后再试；如果正在办理业务，重新打开该业务可以看到它是否已经生效。",
    ),
    503: (
        "暂时不能服务",
        "数据库暂时没有回应。请稍后再试；已经提交的业务不会丢失，重新打开该业务可以看到它是否已经生效。",
    ),
}


def error_page(request: HttpRequest, status: int, *, text: str = "", number: str = "") -> HttpResponse:
    """The page for a status that stands in ``TEXTS``; ``number`` finds the line in the log."""
    title, usual = TEXTS[status]
    context = {"title": title, "text": text or usual, "number": number}
    return HttpResponse(render_to_string("web/refused.html", context, request), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return error_page(request, 413)
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def too_large(request: HttpRequest) -> HttpResponse:
    return error_page(request, 413)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token does not fit: usually a page that lay open for long, or one sent from elsewhere."""
    return error_page(
        request,
        403,
        text="为了您的安全，这张表单已经过期，没有提交任何内容。请返回上一页，刷新后重新填写；浏览器需要允许本站的 Cookie。",
    )
