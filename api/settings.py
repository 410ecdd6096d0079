"""Every setting there is: an environment variable with its default, and what it means in both languages.

This is the one place. The command line, the server and the documentation (``docs/serving.md``,
``docs/sparql.md``) all take names, defaults and meanings from :data:`SETTINGS`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from fiscalgraph.extract.errors import FiscalgraphError

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

__all__ = ["SETTINGS", "ServerSettings", "Setting", "UnusableSetting", "Values", "proxy_networks"]

Kind = Literal["text", "list", "count", "whole", "number"]
"""``list``: words between commas; ``count``: 1, 2, …; ``whole``: 0, 1, …; ``number``: above 0."""


class UnusableSetting(FiscalgraphError):
    """An environment variable holds a value that makes no sense."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable; ``default`` is written as a user would write it, empty where ``help`` tells it."""

    name: str
    kind: Kind
    default: str
    help: str
    chinese: str


SETTINGS: Final = (
    # the workspace
    Setting("FISCALGRAPH_HOME", "text", "fiscalgraph-home", "the workspace", "工作区"),
    Setting(
        "FISCALGRAPH_WORKERS",
        "count",
        "",
        "documents read at the same time (empty: one per processor)",
        "同时读取的文档数（空：每个处理器一份）",
    ),
    Setting(
        "FISCALGRAPH_ENCODER",
        "text",
        "",
        "sentence-transformers model, by name or folder (empty: the model shipped)",
        "sentence-transformers 模型的名称或目录（空：自带模型）",
    ),
    Setting(
        "FISCALGRAPH_KEEP_FILES",
        "whole",
        "1",
        "1: the workspace keeps a copy of each source file; 0: it only notes where the file is",
        "1：工作区保留每份原始文件的副本；0：只记录文件所在位置",
    ),
    Setting("FISCALGRAPH_LANG", "text", "", "zh or en (empty: the locale)", "zh 或 en（空：按系统语言）"),
    # who may ask the server
    Setting("FISCALGRAPH_SERVE_HOST", "text", "127.0.0.1", "address to listen on", "监听地址"),
    Setting("FISCALGRAPH_SERVE_PORT", "whole", "8765", "port; 0: any free one", "端口；0 为任选"),
    Setting(
        "FISCALGRAPH_SERVE_NAMES",
        "list",
        "",
        "host names answered for, * for any (empty: this computer's own, any where HOST is 0.0.0.0 or ::)",
        "应答的主机名，* 为任意（空：本机；HOST 为 0.0.0.0 或 :: 时任意）",
    ),
    Setting(
        "FISCALGRAPH_SERVE_API_KEYS",
        "list",
        "",
        "keys that are admitted, each KEY or NAME=KEY (empty, and no file: everybody)",
        "可用的密钥，写成 KEY 或 NAME=KEY（空且无文件：不需要密钥）",
    ),
    Setting(
        "FISCALGRAPH_SERVE_API_KEYS_FILE",
        "text",
        "",
        "a file of such keys, one a line, # for comments",
        "密钥文件，每行一个，# 为注释",
    ),
    Setting(
        "FISCALGRAPH_SERVE_CORS_ORIGINS",
        "list",
        "",
        "origins whose pages may ask from a browser, * for any (empty: none)",
        "允许浏览器跨源访问的来源，* 为任意（空：不允许）",
    ),
    Setting(
        "FISCALGRAPH_SERVE_PROXIES",
        "list",
        "",
        "addresses or networks of proxies whose X-Forwarded-For is believed (empty: none)",
        "可信代理的地址或网段，采信其 X-Forwarded-For（空：无）",
    ),
    # how much of it
    Setting(
        "FISCALGRAPH_SERVE_SECONDS",
        "number",
        "20",
        "time of one request, waiting included (SPARQL has its own)",
        "一次请求的时限，含等待（SPARQL 另计）",
    ),
    Setting(
        "FISCALGRAPH_SERVE_WORKERS",
        "count",
        "3",
        "processes that answer requests (SPARQL has its own); one client has all but one of them at most",
        "应答请求的进程数（SPARQL 另计）；同一客户至少给他人留一个",
    ),
    Setting(
        "FISCALGRAPH_SERVE_MEMORY",
        "count",
        "4294967296",
        "bytes that a request may take beyond what the index takes",
        "一次请求在索引之外可用的内存字节数",
    ),
    Setting("FISCALGRAPH_SERVE_WAITING", "count", "128", "requests in progress in all", "正在处理的请求总数"),
    Setting(
        "FISCALGRAPH_SERVE_PER_CLIENT",
        "count",
        "32",
        "requests of one client in progress",
        "同一客户端正在处理的请求数",
    ),
    Setting(
        "FISCALGRAPH_SERVE_RATE",
        "whole",
        "0",
        "requests a second of one client, over ten seconds; 0: any number",
        "同一客户端每秒请求数（按十秒计）；0 为不限",
    ),
    Setting("FISCALGRAPH_SERVE_ANSWER_BYTES", "count", "50000000", "bytes of one answer", "一次应答的字节数"),
    Setting(
        "FISCALGRAPH_SERVE_TABLE_ROWS",
        "count",
        "20000",
        "rows of one list as CSV or Excel; a longer one is refused",
        "一个列表导出为 CSV 或 Excel 的行数；超过则拒绝",
    ),
    Setting("FISCALGRAPH_SERVE_BODY_BYTES", "count", "200000", "bytes of a request's body", "请求体的字节数"),
    Setting(
        "FISCALGRAPH_SERVE_ARRIVAL_SECONDS",
        "number",
        "10",
        "time for a request's headers to arrive, and again for its body",
        "请求头到达的时限，请求体亦同",
    ),
    Setting(
        "FISCALGRAPH_SERVE_IDLE_SECONDS",
        "number",
        "15",
        "time that a connection is kept between two requests",
        "两次请求之间保持连接的时间",
    ),
    Setting("FISCALGRAPH_SERVE_CONNECTIONS", "count", "512", "open connections in all", "连接总数"),
    Setting(
        "FISCALGRAPH_SERVE_CONNECTIONS_PER_CLIENT",
        "count",
        "128",
        "open connections of one address that is no proxy of ours",
        "同一地址（可信代理除外）的连接数",
    ),
    # files from others
    Setting(
        "FISCALGRAPH_SERVE_UPLOADS",
        "text",
        "",
        "1: files can be uploaded; 0: they cannot (empty: they can where HOST is this computer and NAMES, "
        "PROXIES and CORS_ORIGINS are empty)",
        "1：可以上传文件；0：不可以（空：仅当 HOST 为本机且 NAMES、PROXIES、CORS_ORIGINS 均为空时可以）",
    ),
    Setting(
        "FISCALGRAPH_SERVE_UPLOAD_BYTES",
        "count",
        "100000000",
        "bytes of one uploaded file",
        "上传文件的字节数",
    ),
    Setting(
        "FISCALGRAPH_SERVE_UPLOAD_TYPES",
        "list",
        "pdf,docx,doc,wps,ofd,xlsx,xls,html,htm,md,txt,zip",
        "what the names of uploaded files may end with",
        "可上传文件的扩展名",
    ),
    Setting(
        "FISCALGRAPH_SERVE_UPLOAD_SECONDS",
        "number",
        "1800",
        "time for an uploaded file to be read and published",
        "读入一个上传文件的时限",
    ),
    Setting(
        "FISCALGRAPH_SERVE_UPLOADS_WAITING",
        "count",
        "20",
        "uploads that arrive, wait or are read",
        "正在接收、等待或读取的上传数",
    ),
    # what it tells
    Setting(
        "FISCALGRAPH_SERVE_LOG",
        "text",
        "stderr",
        "where the log goes: stderr, off, or a file",
        "日志去向：stderr、off 或文件",
    ),
    Setting(
        "FISCALGRAPH_SERVE_LOG_LEVEL",
        "text",
        "info",
        "info (a line for each request), warning, or error",
        "info（每个请求一行）、warning 或 error",
    ),
    Setting(
        "FISCALGRAPH_SERVE_LOG_QUERIES",
        "whole",
        "0",
        "1: the log holds addresses in full; 0: of what stands behind ? only a digest",
        "1：日志记录完整地址；0：? 之后只记摘要",
    ),
    # SPARQL: docs/sparql.md
    Setting(
        "FISCALGRAPH_SPARQL_SECONDS",
        "number",
        "20",
        "time of one query, waiting for a worker included",
        "一次查询的时限，含等待",
    ),
    Setting("FISCALGRAPH_SPARQL_ROWS", "count", "200000", "rows or triples of one answer", "一次应答的行数"),
    Setting(
        "FISCALGRAPH_SPARQL_BYTES",
        "count",
        "50000000",
        "bytes of one answer (of a graph: give or take a buffer)",
        "一次应答的字节数",
    ),
    Setting(
        "FISCALGRAPH_SPARQL_MEMORY",
        "count",
        "4294967296",
        "memory of one query while it is evaluated",
        "一次查询可用的内存字节数",
    ),
    Setting("FISCALGRAPH_SPARQL_CHARACTERS", "count", "150000", "the text of one query", "一次查询的字符数"),
    Setting("FISCALGRAPH_SPARQL_NESTING", "count", "64", "brackets inside one another", "括号嵌套层数"),
    Setting(
        "FISCALGRAPH_SPARQL_PATHS",
        "count",
        "20",
        "property paths with `*`, `+` or `?` in one query",
        "一次查询中带 `*`、`+`、`?` 的属性路径数",
    ),
    Setting(
        "FISCALGRAPH_SPARQL_WORKERS",
        "count",
        "2",
        "queries evaluated at the same time",
        "同时执行的查询数",
    ),
    Setting("FISCALGRAPH_SPARQL_WAITING", "count", "16", "queries that wait", "等待中的查询数"),
    Setting(
        "FISCALGRAPH_SPARQL_PER_CLIENT",
        "count",
        "8",
        "queries of one client in progress",
        "同一客户端正在处理的查询数",
    ),
)
_BY_NAME: Final = {setting.name: setting for setting in SETTINGS}


class Values:
    """The values of settings, read from ``environment``; an empty variable counts as not set.

    Each method takes a name of :data:`SETTINGS` and raises :class:`UnusableSetting` for a value that is
    not of its kind.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment

    def text(self, name: str) -> str:
        """The value as it is written."""
        return self._environment.get(name) or _BY_NAME[name].default

    def words(self, name: str) -> tuple[str, ...]:
        """The words between commas."""
        return tuple(word for part in self.text(name).split(",") if (word := part.strip()))

    def whole(self, name: str) -> int:
        """A whole number, above 0 if the setting is a count."""
        printed = self.text(name)
        least = 1 if _BY_NAME[name].kind == "count" else 0
        if not (printed.isascii() and printed.isdigit() and len(printed) < 20 and int(printed) >= least):
            raise _unusable(name, printed, f"it is not a whole number of {least} or more")
        return int(printed)

    def count_if_set(self, name: str) -> int | None:
        """A count, or ``None`` where the setting is empty."""
        return self.whole(name) if self.text(name) else None

    def number(self, name: str) -> float:
        """A number above 0."""
        printed = self.text(name)
        digits, point, decimals = printed.partition(".")
        plain = printed.isascii() and digits.isdigit() and (decimals.isdigit() if point else True)
        if not plain or len(printed) > 20 or float(printed) <= 0:
            raise _unusable(name, printed, "it is not a number above 0")
        return float(printed)

    def yes_or_no(self, name: str) -> bool | None:
        """1 or 0, or ``None`` where the setting is empty."""
        return self.choice(name, ("0", "1")) == "1" if self.text(name) else None

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """One of ``choices``."""
        printed = self.text(name)
        if printed not in choices:
            raise _unusable(name, printed, f"it is none of {', '.join(choices)}")
        return printed


def _unusable(name: str, printed: str, why: str) -> UnusableSetting:
    return UnusableSetting(f"{name}={printed}", why, "Set it to another value or unset it")


LOG_LEVELS: Final = ("info", "warning", "error")


def proxy_networks(settings: ServerSettings) -> list[IPv4Network | IPv6Network]:
    """The networks of the proxies that are believed. Raises :class:`UnusableSetting`."""
    from ipaddress import ip_network

    try:
        return [ip_network(printed) for printed in settings.proxies]
    except ValueError as error:
        raise _unusable("FISCALGRAPH_SERVE_PROXIES", ",".join(settings.proxies), str(error)) from error


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What ``fiscalgraph serve`` may be told; :data:`SETTINGS` explains each (``FISCALGRAPH_SERVE_…``)."""

    host: str
    port: int
    names: tuple[str, ...]
    api_keys: tuple[str, ...]
    api_keys_file: str
    cors_origins: tuple[str, ...]
    proxies: tuple[str, ...]
    seconds: float
    workers: int
    memory: int
    waiting: int
    per_client: int
    rate: int
    answer_bytes: int
    table_rows: int
    body_bytes: int
    arrival_seconds: float
    idle_seconds: float
    connections: int
    connections_per_client: int
    uploads: bool | None
    upload_bytes: int
    upload_types: tuple[str, ...]
    upload_seconds: float
    uploads_waiting: int
    log: str
    log_level: str
    log_queries: bool

    def takes_uploads(self, *, loopback: bool) -> bool:
        """Whether files can be uploaded, where the server listens on this computer only (``loopback``) or
        not.

        Where it is not said, only who sits at this computer may: none of the settings is made by which others
        come in.
        """
        if self.uploads is not None:
            return self.uploads
        return loopback and not (self.names or self.proxies or self.cors_origins)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> ServerSettings:
        """Read the environment. Raises :class:`UnusableSetting`."""
        values, serve = Values(environment), "FISCALGRAPH_SERVE_"
        return cls(
            host=values.text(serve + "HOST"),
            port=values.whole(serve + "PORT"),
            names=values.words(serve + "NAMES"),
            api_keys=values.words(serve + "API_KEYS"),
            api_keys_file=values.text(serve + "API_KEYS_FILE"),
            cors_origins=values.words(serve + "CORS_ORIGINS"),
            proxies=values.words(serve + "PROXIES"),
            seconds=values.number(serve + "SECONDS"),
            workers=values.whole(serve + "WORKERS"),
            memory=values.whole(serve + "MEMORY"),
            waiting=values.whole(serve + "WAITING"),
            per_client=values.whole(serve + "PER_CLIENT"),
            rate=values.whole(serve + "RATE"),
            answer_bytes=values.whole(serve + "ANSWER_BYTES"),
            table_rows=values.whole(serve + "TABLE_ROWS"),
            body_bytes=values.whole(serve + "BODY_BYTES"),
            arrival_seconds=values.number(serve + "ARRIVAL_SECONDS"),
            idle_seconds=values.number(serve + "IDLE_SECONDS"),
            connections=values.whole(serve + "CONNECTIONS"),
            connections_per_client=values.whole(serve + "CONNECTIONS_PER_CLIENT"),
            uploads=values.yes_or_no(serve + "UPLOADS"),
            upload_bytes=values.whole(serve + "UPLOAD_BYTES"),
            upload_types=tuple(word.lower().lstrip(".") for word in values.words(serve + "UPLOAD_TYPES")),
            upload_seconds=values.number(serve + "UPLOAD_SECONDS"),
            uploads_waiting=values.whole(serve + "UPLOADS_WAITING"),
            log=values.text(serve + "LOG"),
            log_level=values.choice(serve + "LOG_LEVEL", LOG_LEVELS),
            log_queries=bool(values.whole(serve + "LOG_QUERIES")),
        )
