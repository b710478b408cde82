"""Why a file could not be read or written, in Chinese: the operating system says it in English."""

from __future__ import annotations

import errno
from typing import Final

__all__ = ["os_error_text"]

WORDS: Final = {
    errno.ENOENT: "没有这个文件或目录",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "是目录，不是文件",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EEXIST: "已经存在",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EADDRINUSE: "地址已被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}


def os_error_text(error: OSError) -> str:
    """The reason alone, without the file's name; the system's own words where the kind is not one listed here."""
    return WORDS.get(error.errno or 0) or error.strerror or str(error)
