"""Routes of the portal's own: reports without an account, and files."""

from __future__ import annotations

from flask import Response, request
from flask_smorest import Blueprint

from chassis.errors import Invalid
from chassis.identity import Principal
from services.portal.accounts.current import current_principal, now, process
from services.portal.api import files, public, reading
from services.portal.api.answering import as_json
from services.portal.api.own import FORM, body, serve
from services.portal.api.shapes import (
    AttachmentList,
    PublicAppeal,
    PublicHazard,
    ReceiptView,
    UploadInput,
    UploadView,
)
from services.portal.uploads import keeping
from services.portal.uploads.kinds import DOCUMENTS

LARGEST_UPLOAD = keeping.LARGEST_FILM
FORM_OVERHEAD = 64 * 1024
SANDBOX = "default-src 'none'; sandbox"
WRITING = ("malformed", "cross_site", "too_large", "unsupported_media_type", "invalid")
BINARY = {"type": "string", "format": "binary"}
EXAMPLE = {
    "content": "楼道的灯坏了，晚上看不见路。",
    "place_text": "5号楼2单元",
    "area_path": "yinchuan.xingqing.lijingjie.yinhong.g3.b5u2",
    "reporter": {"name": "王某某", "phone": "13900000003"},
}

DANGER = {
    "description": "井盖没了，露着一个大洞。",
    "place_text": "小区东门外人行道",
    "area_path": "yinchuan.xingqing.lijingjie.yinhong.g3",
    "kind": "MANHOLE",
    "asset": "TELECOM",
    "reporter": {"name": "刘某某", "phone": "13900000003"},
}

blueprint = Blueprint("extras", __name__, url_prefix="/api")


def report_as_resident() -> Response:
    """POST /api/public/appeals"""
    request.max_content_length = FORM_OVERHEAD
    answer = public.report(reading.body(request), reading.idempotency_key(request))
    return as_json(answer, 201, "/api/public/cases/{number}")


def report_hazard_as_resident() -> Response:
    """POST /api/public/hazards"""
    request.max_content_length = FORM_OVERHEAD
    answer = public.report_hazard(reading.body(request), reading.idempotency_key(request))
    return as_json(answer, 201, "/api/public/cases/{number}")


def upload() -> Response:
    """POST /api/uploads"""
    return as_json(taken_in(current_principal()), 201, "/api/uploads/{sha256}")


def taken_in(who: Principal) -> dict[str, object]:
    """The file of the form, kept. Errors: Invalid where there is none; as `keeping.prepared`."""
    request.max_content_length = LARGEST_UPLOAD + FORM_OVERHEAD
    file = request.files.get("file")
    if file is None:
        raise Invalid.because({"file": ["请用 multipart/form-data 的 file 字段上传一个文件"]})
    prepared = keeping.prepared(keeping.within(file.stream, LARGEST_UPLOAD))
    with process().store.transaction() as session:
        return keeping.keep(session, who, prepared, now())


def download(sha256: str) -> Response:
    """GET /api/uploads/{sha256}"""
    return handed_out(current_principal(), sha256, sha256[:12], shown=False)


def attachments(number: str) -> Response:
    """GET /api/matters/{number}/attachments"""
    shown = ("kind", "stage", "taken_at")
    found = [
        {"item": each["item"], "href": f"/api/matters/{number}/attachments/{each['item']}"}
        | {name: each["file"].get(name) for name in shown}
        for each in files.listed(number)
    ]
    return as_json({"items": found})


def attachment(number: str, item: str) -> Response:
    """GET /api/matters/{number}/attachments/{item}"""
    return handed_out(current_principal(), files.fingerprint_of(number, item), item, shown=True)


def handed_out(who: Principal, sha256: str, name: str, *, shown: bool) -> Response:
    """The bytes of a file; audited. Errors: as `keeping.read`."""
    with process().store.transaction() as session:
        found = keeping.read(session, who, sha256, now(), shown=shown)
    response = Response(found.content, content_type=found.media_type)
    response.headers["Content-Security-Policy"] = SANDBOX
    opened = "attachment" if found.media_type in DOCUMENTS else "inline"
    response.headers["Content-Disposition"] = f'{opened}; filename="{name}{DOCUMENTS.get(found.media_type, "")}"'
    return response


serve(
    blueprint, "POST", "/public/appeals", report_as_resident,
    {"status_code": 201, "schema": ReceiptView, "description": "已登记；请记下编号"},
    tag="居民", summary="居民反映问题",
    description="无需登录。只须写明事情、地点和怎样联系；标题、性质、类别可以不填。",
    security=[], parameters=["IDEMPOTENCY_KEY"], requestBody=body(PublicAppeal, EXAMPLE),
    errors=[*WRITING, "too_many_requests", "deadline_exceeded"],
)  # fmt: skip
serve(
    blueprint, "POST", "/public/hazards", report_hazard_as_resident,
    {"status_code": 201, "schema": ReceiptView, "description": "已登记；请记下编号"},
    tag="居民", summary="居民报告险情", description="无需登录。井盖缺失等险情登记后立即派值班人员去看。",
    security=[], parameters=["IDEMPOTENCY_KEY"], requestBody=body(PublicHazard, DANGER),
    errors=[*WRITING, "too_many_requests", "deadline_exceeded"],
)  # fmt: skip
serve(
    blueprint, "POST", "/uploads", upload,
    {"status_code": 201, "schema": UploadView, "description": "已保存；sha256 填入 attachments"},
    tag="附件", summary="上传附件",
    description="照片或 PDF 不超过 8 MB，录音或录像不超过 32 MB，表单字段名 file。文件类型按内容判断；同一文件只存一份"
    "。照片和录像里的地点、时间、设备信息在保存前去除，HEIC 转为 JPEG：请以答复中的 sha256 为准。",
    requestBody=body(UploadInput, media_type=FORM), errors=[*WRITING, "unauthenticated"],
)  # fmt: skip
serve(
    blueprint, "GET", "/uploads/<sha256>", download,
    {"status_code": 200, "schema": BINARY, "content_type": "application/octet-stream", "description": "文件内容"},
    tag="附件", summary="查看刚上传的附件", description="未附入任何件之前，只有上传者可以按指纹查看；"
    "附入以后随所属的件查看。每次查看都记入审计。",
    errors=["unauthenticated", "not_found"],
)  # fmt: skip
serve(
    blueprint, "GET", "/matters/<number>/attachments", attachments,
    {"status_code": 200, "schema": AttachmentList, "description": "本人在件中看得到的文件"},
    tag="附件", summary="件的附件", description="谁在件中看得到，就列给谁。", errors=["unauthenticated", "not_found"],
)  # fmt: skip
serve(
    blueprint, "GET", "/matters/<number>/attachments/<item>", attachment,
    {"status_code": 200, "schema": BINARY, "content_type": "application/octet-stream", "description": "文件内容"},
    tag="附件", summary="查看件的附件", description="权限随所属的件，当时核对；知道文件的指纹不等于可以查看。"
    "每次查看都记入审计。",
    errors=["unauthenticated", "not_found"],
)  # fmt: skip
