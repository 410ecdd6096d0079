"""``fiscalgraph serve``: the page and the HTTP interface on this computer."""

from __future__ import annotations

import socket
import sys
from ipaddress import ip_address
from typing import TYPE_CHECKING

from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.language import text

if TYPE_CHECKING:
    from fiscalgraph.api.settings import ServerSettings
    from fiscalgraph.workspace import Workspace

__all__ = ["AddressInUse", "serve"]

_ANY_ADDRESS = ("0.0.0.0", "::")


class AddressInUse(FiscalgraphError):
    """The address cannot be listened on."""


def serve(workspace: Workspace, host: str | None = None, port: int | None = None) -> None:
    """Serve until interrupted; ``host`` and ``port`` win over the settings.

    Raises :class:`AddressInUse`, ``UnusableSetting``, or ``EmptyWorkspace`` when nothing is built.
    """
    from fiscalgraph.api.settings import ServerSettings

    workspace.library()  # say now, not at the first request, that there is nothing to serve
    settings = ServerSettings.from_environment()
    host = host or settings.host
    port = settings.port if port is None else port
    import uvicorn

    from fiscalgraph.api import create_app
    from fiscalgraph.api.connections import Connections
    from fiscalgraph.api.request_log import logging_to

    app = create_app(
        workspace.home,
        encoder=workspace.settings.encoder,
        hosts=_names(settings, host),
        settings=settings,
        loopback=_is_loopback(host),
    )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio sends at once (TCP_NODELAY) only what it knows to be TCP.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(1024)  # before the address is announced: who reads it may connect at once
    except OSError as error:
        listening.close()
        raise AddressInUse(
            f"{host}:{port}", f"cannot listen there ({error.strerror})", "Choose another with --port"
        ) from error
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/"
    _say(text(f"open {address} (Ctrl-C ends)", f"请打开 {address}（按 Ctrl-C 结束）"))
    if not _is_loopback(host) and not (settings.api_keys or settings.api_keys_file):
        _say(
            text(
                "warning: others can reach this address, and no key is asked for (docs/serving.md)",
                "警告：其他计算机可以访问此地址，且不需要密钥（见 docs/serving.md）",
            )
        )
    config = uvicorn.Config(
        app,
        http=Connections(settings).protocol(),  # type: ignore[arg-type]
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=max(1, round(settings.idle_seconds)),
        timeout_graceful_shutdown=3,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
    )
    with logging_to(settings):
        uvicorn.Server(config).run(sockets=[listening])


def _names(settings: ServerSettings, host: str) -> set[str]:
    """The host names to answer for."""
    from fiscalgraph.api.protection import LOCAL_NAMES

    if settings.names:
        return set(settings.names)
    return {"*"} if host in _ANY_ADDRESS else {*LOCAL_NAMES, f"[{host}]" if ":" in host else host}


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
