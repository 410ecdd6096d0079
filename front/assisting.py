"""The command ``mcp``: a workspace as tools for an assistant, over standard input and output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.language import text
from fiscalgraph.options import Home, workspace_at

if TYPE_CHECKING:
    from fiscalgraph.workspace import Workspace

__all__ = ["McpNotInstalled", "mcp", "serve_tools"]


class McpNotInstalled(FiscalgraphError):
    """The protocol's library, an optional extra, is not installed."""


def mcp(home: Home = None) -> None:
    """Serve the tools until the client goes."""
    serve_tools(workspace_at(home))


def serve_tools(workspace: Workspace) -> None:
    """Serve on standard input and output. Raises :class:`McpNotInstalled`, or ``EmptyWorkspace``."""
    try:
        import mcp.server.mcpserver  # noqa: F401
    except ImportError as error:
        raise McpNotInstalled(
            "the MCP server", "the package mcp is not installed", "Install it: pip install 'fiscalgraph[mcp]'"
        ) from error
    workspace.library()  # say now, not at the first question, that there is nothing to answer from
    from fiscalgraph import __version__
    from fiscalgraph.api.mcp_server import mcp_server

    server = mcp_server(
        workspace.home, language=text("en", "zh"), version=__version__, encoder=workspace.settings.encoder
    )
    server.run("stdio")
