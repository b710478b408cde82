"""9101 文件上传, 9102 文件下载."""

import msgspec

from gongji.gateway.fields import Text30, Text50, Text200


class Upload(msgspec.Struct, frozen=True):
    """fsUploadIn of 9101 beside its field ``in``, the bytes (``uploads.file_bytes``)."""

    filename: Text200
    fixmedins_code: Text30 = ""


class Uploaded(msgspec.Struct, frozen=True):
    """Output of 9101, without a node."""

    file_qury_no: str
    filename: str
    fixmedins_code: str
    dld_endtime: str | None


class Download(msgspec.Struct, frozen=True):
    """fsDownloadIn of 9102; ``plc`` for lists of the catalogue, the institution itself for its own files."""

    file_qury_no: Text50
    filename: Text200 = ""
    fixmedins_code: Text30 = ""
