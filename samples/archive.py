"""Office files that are the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile

__all__ = ["settled"]

_WHEN = (2025, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def settled(data: bytes) -> bytes:
    """A zipped office file without the time of its making: fixed dates, fixed order."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = _STAMP.sub(rb"\g<1>2025-01-01T00:00:00Z\g<3>", source.read(name))
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, content)
    return out.getvalue()
