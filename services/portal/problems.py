"""Every error of the HTTP API as a problem document (RFC 9457), and a page for each kind that says what to do."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from chassis.errors import Fault, Forbidden, NotFound, ServiceError, Unauthenticated
from chassis.telemetry.logs import log

MEDIA_TYPE = "application/problem+json"
MEMBERS = frozenset({"type", "title", "status", "detail", "instance", "code", "errors"})


class Malformed(ServiceError):
    """What came in cannot be read at all."""

    status = 400


class MethodNotAllowed(ServiceError):
    """There is such an address, but it does not do that."""

    status = 405


class TooLarge(ServiceError):
    """The body is longer than this address takes."""

    status = 413


class UnsupportedMediaType(ServiceError):
    """The body is not of a kind this address takes."""

    status = 415


class TooManyRequests(ServiceError):
    """Tried too often; `details["retry_after"]` seconds from now it may be tried again."""

    status = 429


class CodeWanted(Unauthenticated):
    """The password is right, and the second factor is still to come; `ticket` stands for the first half meanwhile."""

    ticket = ""

    @classmethod
    def holding(cls, ticket: str) -> CodeWanted:
        error = cls("请输入动态验证码")
        error.ticket = ticket
        return error


class CrossSite(Forbidden):
    """A browser sent the cookie from another site's page."""


@dataclass(frozen=True)
class Kind:
    """`advice` is for programs and their makers; `plain` says to people on pages what to do now."""

    status: int
    title: str
    advice: str
    plain: str = ""


KINDS: dict[str, Kind] = {
    "malformed": Kind(
        400,
        "请求无法读取",
        "请求内容不是有效的 JSON，或请求头格式不对。请检查引号、逗号和编码（UTF-8）。",
        plain="发来的内容没有读懂，没有保存。请回到上一页刷新，再填一次。",
    ),
    "unauthenticated": Kind(
        401,
        "需要登录",
        "请重新登录后再试，登录有效期为 8 小时。程序请在 Authorization 头里带上登录凭证。",
        plain="您还没有登录，或登录已经过期。请登录后再办。",
    ),
    "code_wanted": Kind(
        401,
        "还需要动态验证码",
        "密码已通过。请带上 code 字段（手机上的六位动态验证码，或一个恢复码）重新登录。",
        plain="密码已通过，还需要手机上的动态验证码。",
    ),
    "forbidden": Kind(
        403,
        "没有权限",
        "您的角色、所在区域或单位不能办理此事。请联系本级负责人，或由 roles 列出的角色办理。",
        plain="您的岗位或所在地方不能办理此事。请联系本级负责人，由有权限的同事办理。",
    ),
    "cross_site": Kind(
        403,
        "请求来自其他网站",
        "为防止冒用，浏览器里的操作必须从本站页面发出。请回到本站页面；程序请改用 Bearer 凭证。",
        plain="为防止冒用，这一步没有办理。请回到本站页面，刷新后再提交一次。",
    ),
    "not_found": Kind(
        404,
        "没有找到",
        "请核对编号或地址。也可能此件不在您的查看范围之内。",
        plain="请核对编号或地址。也可能此件不归您查看。",
    ),
    "method_not_allowed": Kind(
        405,
        "不支持这种操作",
        "此地址不支持这种请求方法，可用的方法见 Allow 头。",
        plain="这个地址不能这样打开。请从首页找到此件再办理。",
    ),
    "conflict": Kind(
        409,
        "与当前状态不符",
        "此件现在的状态不允许这样办理，allowed_states 列出允许的状态。请刷新后按页面上的按钮办理。",
        plain="此件的情况已经变了，现在不能这样办。请刷新页面，按页面上现有的按钮办理。",
    ),
    "version_mismatch": Kind(
        412,
        "内容已被他人更新",
        "您看到的不是最新内容。请重新读取，核对后再提交。",
        plain="您填写的时候，别人已经更新了此件。请看一看最新内容，核对后再提交。",
    ),
    "too_large": Kind(
        413,
        "内容过大",
        "JSON 请求不超过 1 MB，单个文件不超过 8 MB。请压缩照片或分开上传。",
        plain="内容太大，没有保存。单个文件不超过 8 MB，请压缩照片或分几次上传。",
    ),
    "unsupported_media_type": Kind(
        415,
        "内容类型不对",
        "请求内容应为 JSON（Content-Type: application/json）；文件只收照片、PDF 和录音。",
        plain="这种文件不能收。请上传照片、PDF 或录音。",
    ),
    "invalid": Kind(
        422,
        "填写有误",
        "errors 逐项列出哪一栏、为什么。请改正后重新提交，内容没有保存。",
        plain="有的地方填得不对，内容没有保存。请按标出的提示改正后再提交。",
    ),
    "too_many_requests": Kind(
        429,
        "尝试次数过多",
        "为保护居民信息和账号，多次尝试后需要等待。请稍后再试，或拨打社区服务电话。",
        plain="为保护居民信息和账号，试得太多时要等一等。请稍后再试，或拨打社区服务电话。",
    ),
    "fault": Kind(
        500,
        "系统内部错误",
        "问题已经记录。请稍后再试；如仍不行，请把 incident 编号告诉系统管理员。",
        plain="系统出了问题，已经记录。请稍后再试；还不行的话，请把故障编号告诉系统管理员。",
    ),
    "unavailable": Kind(
        503,
        "服务暂时不可用",
        "请在 Retry-After 指出的秒数之后原样重试；带上同一个 Idempotency-Key，不会重复办理。",
        plain="系统暂时忙不过来，没有办理。请过一会儿再提交一次，不会重复办理。",
    ),
    "deadline_exceeded": Kind(
        504,
        "未能及时答复",
        "服务没有在时限内答复，不确定是否已经办理。请先查看此件，或用同一个 Idempotency-Key 原样重试。",
        plain="系统没有及时答复，不知道是否已经办好。请先打开此件看一看，再决定是否重新提交。",
    ),
}
OTHER = Kind(400, "请求有误", "请对照接口文档检查请求。", "这一步没有办成。请回到上一页刷新后再试。")
BY_STATUS: dict[int, type[ServiceError]] = {
    400: Malformed,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
    415: UnsupportedMediaType,
    429: TooManyRequests,
}
WORDS = {
    400: "请求无法读取",
    404: "没有这个地址",
    405: "此地址不支持这种请求方法",
    413: "请求内容过大",
    415: "请求内容的类型不对",
}

blueprint = Blueprint("problems", __name__, template_folder="api/templates")


def document(error: ServiceError, instance: str) -> dict[str, Any]:
    """The problem document of a named error: its details are members of their own, `fields` under the name `errors`."""
    details = dict(error.details)
    kind = KINDS.get(error.code, OTHER)
    problem = {
        "type": f"/problems/{error.code}",
        "title": kind.title,
        "status": error.status,
        "detail": error.message or kind.title,
        "instance": instance,
        "code": error.code,
    }
    if "fields" in details:
        problem["errors"] = details.pop("fields")
    return {**{key: value for key, value in details.items() if key not in MEMBERS and value is not None}, **problem}


def headers(error: ServiceError) -> dict[str, str]:
    """The headers HTTP wants beside the status."""
    if error.status == HTTPStatus.UNAUTHORIZED:
        invalid = ', error="invalid_token"' if "Authorization" in request.headers else ""
        return {"WWW-Authenticate": f'Bearer realm="shaodao"{invalid}'}
    if error.status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        return {"Retry-After": str(error.details.get("retry_after", 2))}
    if error.status == HTTPStatus.METHOD_NOT_ALLOWED:
        return {"Allow": ", ".join(error.details.get("allowed_methods", ()))}
    return {}


def answer(error: ServiceError) -> Response:
    """JSON for the API, a page for people."""
    problem = document(error, request.path)
    if wants_json():
        # half a surrogate, which JSON may name and UTF-8 may not hold, stays the escape it was
        text = json.dumps(problem, ensure_ascii=False, default=str).encode(errors="backslashreplace")
        return Response(text, error.status, headers(error), content_type=MEDIA_TYPE)
    page = render_template(
        ["error.html", "portal_error.html"], problem=problem, advice=KINDS.get(error.code, OTHER).plain
    )
    return Response(page, error.status, headers(error), content_type="text/html; charset=utf-8")


def wants_json() -> bool:
    """Every address under /api answers in JSON, but its documentation; pages answer so to whoever takes JSON alone."""
    if request.headers.get("Accept") == "application/json":
        return True
    return request.path == "/api" or (request.path.startswith("/api/") and request.path != "/api/docs")


def of_http(error: HTTPException) -> Response | HTTPException:
    """What Flask itself refuses; redirections pass."""
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return error
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return of_fault(error)
    kind = BY_STATUS.get(status, Malformed)
    known = kind(WORDS.get(status, OTHER.title))
    if methods := getattr(error, "valid_methods", None):
        known.details["allowed_methods"] = sorted(methods)
    return answer(known)


def of_fault(error: Exception) -> Response:
    """A mistake of ours: the log has everything under the incident number, the caller only the number."""
    incident = uuid.uuid4().hex[:12]
    log.error("fault", route=str(request.url_rule), incident=incident, exc_info=error)
    return answer(Fault("系统内部错误，请联系管理员并提供编号", incident=incident))


@blueprint.get("/problems/<code>")
def explain(code: str) -> str:
    """What one kind of problem means and what to do."""
    if code not in KINDS:
        raise NotFound("没有这种错误的说明")
    return render_template("problem_kind.html", code=code, kind=KINDS[code])


def register(app: Flask) -> None:
    """Makes every error of `app` a problem document or an error page."""
    app.register_blueprint(blueprint)
    app.register_error_handler(ServiceError, answer)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, of_fault)
