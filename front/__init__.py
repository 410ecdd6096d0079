"""fiscalgraph: reads what Chinese governments publish about their money.

>>> import fiscalgraph
>>> fiscalgraph.build(["disclosures/"], home="my-home")     # doctest: +SKIP
>>> workspace = fiscalgraph.open("my-home")                 # doctest: +SKIP
>>> workspace.search("专业人员不足，评审进度滞后")              # doctest: +SKIP

Importing the package is cheap: what a call needs is loaded by that call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fiscalgraph.workspace import Workspace, build, open

__all__ = ["Workspace", "__version__", "build", "open"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in ("Workspace", "build", "open"):
        from fiscalgraph import workspace

        return getattr(workspace, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
