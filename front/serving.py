"""``fiscalgraph serve``: the page and the HTTP interface on this computer."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.language import text

if TYPE_CHECKING:
    from fiscalgraph.workspace import Workspace

__all__ = ["AddressInUse", "serve"]


class AddressInUse(FiscalgraphError):
    """The address cannot be listened on."""


def serve(workspace: Workspace, host: str, port: int) -> None:
    """Serve until interrupted. Raises :class:`AddressInUse`, or ``EmptyWorkspace`` when nothing is built."""
    workspace.library()  # say now, not at the first request, that there is nothing to serve
    import uvicorn

    from fiscalgraph.api import create_app
    from fiscalgraph.api.protection import LOCAL_NAMES

    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # before the address is announced: who reads it may connect at once
    except OSError as error:
        listening.close()
        raise AddressInUse(
            f"{host}:{port}", f"cannot listen there ({error.strerror})", "Choose another with --port"
        ) from error
    names = {*LOCAL_NAMES, host} if host not in ("0.0.0.0", "::") else {"*"}
    app = create_app(workspace.home, encoder=workspace.settings.encoder, hosts=names)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/"
    print(
        text(f"open {address} (Ctrl-C ends)", f"请打开 {address}（按 Ctrl-C 结束）"),
        file=sys.stderr,
        flush=True,
    )
    config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=3)
    uvicorn.Server(config).run(sockets=[listening])
