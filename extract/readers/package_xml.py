"""XML parts of zipped formats (DOCX, XLSX, OFD), parsed without trusting them."""

from __future__ import annotations

from lxml import etree

__all__ = ["DamagedXmlError", "parse_xml"]


class DamagedXmlError(ValueError):
    """A part is not well-formed, or declares a document type, which these formats forbid."""


def parse_xml(content: bytes) -> etree._Element:
    """The root element of a part.

    Nothing is fetched and no entity expanded: a part that declares any is refused, for
    only attacks do. Raises :class:`DamagedXmlError`.
    """
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content:
        raise DamagedXmlError("its XML declares entities, as no office program does")
    # Tables of thousands of rows exceed the parser's usual depth and size limits.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DamagedXmlError(error.msg) from error
