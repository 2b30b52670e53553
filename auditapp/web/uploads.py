"""A file that was sent with a form, read only as far as it may be large."""

from flask import request

from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.text import Text

_NO_FILE = Text("请选择一个文件。", "Choose a file.")


def uploaded(largest_bytes: int, too_large: Text) -> bytes:
    """Return the content of the field ``file``.

    Raises:
        InvalidError: There is none, or it is larger; ``too_large`` says the way out.
    """
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidError([Problem("/file", "no-file", _NO_FILE)])
    content: bytes = upload.stream.read(largest_bytes + 1)
    upload.close()
    if len(content) > largest_bytes:
        raise InvalidError([Problem("/file", "too-large", too_large)])
    return content
