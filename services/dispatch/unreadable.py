"""What a body is that is no JSON object in UTF-8, in words its sender can act on. No value of the body is in them."""

from __future__ import annotations

import json

_BEGINNINGS = {
    b"\x1f\x8b": "正文是 gzip 压缩过的，请不压缩直接发送",
    b"\x78\x01": "正文是 deflate 压缩过的，请不压缩直接发送",
    b"\x78\x9c": "正文是 deflate 压缩过的，请不压缩直接发送",
    b"\x78\xda": "正文是 deflate 压缩过的，请不压缩直接发送",
    b"PK\x03\x04": "正文是 zip 压缩包，请直接发送 JSON",
    b"\xff\xfe": "正文是 UTF-16 编码，请用 UTF-8 发送",
    b"\xfe\xff": "正文是 UTF-16 编码，请用 UTF-8 发送",
    b"<": "正文是 XML 或 HTML，请发送 JSON",
}


def named(body: bytes) -> str:
    """In Chinese, with what to do."""
    if not body.strip():
        return "正文是空的"
    for beginning, words in _BEGINNINGS.items():
        if body.lstrip(b" \t\r\n").startswith(beginning):
            return words
    if b"\0" in body[:2]:
        return "正文是 UTF-16 编码，请用 UTF-8 发送"
    try:
        return _of_text(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return "正文是 GBK 编码，请用 UTF-8 发送" if _is_gbk(body) else "正文不是 UTF-8 编码的文字"


def _of_text(text: str) -> str:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"正文不是完整的 JSON（第 {error.lineno} 行第 {error.colno} 个字起有误）"
    except RecursionError:
        return "JSON 嵌套的层数过多"
    except ValueError:
        return "正文不是 JSON"
    if any(constant in text for constant in ("NaN", "Infinity")):
        return "JSON 里没有 NaN 和 Infinity"
    return "JSON 的最外层应为对象 {…}"


def _is_gbk(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body.decode("gb18030")), dict)
    except (ValueError, RecursionError):
        return False
