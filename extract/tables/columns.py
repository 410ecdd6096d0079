"""What each column of a fiscal table holds, and how the columns group into blocks.

A block is one run of (label columns, value columns): the two halves of a 收支总表, or the
side-by-side blocks of an economic-classification table, are separate blocks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fiscalgraph.extract.normalise import is_figure
from fiscalgraph.extract.tables.header import CODE, CODED_NAME, is_order_row, text_of
from fiscalgraph.extract.tables.logical import LogicalTable

__all__ = ["Block", "Role", "column_roles", "split_blocks"]


class Role(StrEnum):
    """What a column is for."""

    CODE = "code"  # 科目编码, whole or split into 类, 款, 项
    CODED_NAME = "coded_name"  # code and name in one cell: 2080101-行政运行
    NAME = "name"  # 科目名称
    LABEL = "label"  # 项目: what a row of totals is about
    OWNER = "owner"  # 单位编码, 单位名称: whose row it is
    ORDER = "order"  # 行次, 序号: numbers that are no amounts
    VALUE = "value"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Block:
    """One run of label columns followed by value columns; positions in ``LogicalTable.paths``."""

    codes: tuple[int, ...]
    names: tuple[int, ...]
    labels: tuple[int, ...]
    owners: tuple[int, ...]
    values: tuple[int, ...]


_ORDER = re.compile(r"^(?:行次|栏次|序号|行号|次)$")
_OWNER = re.compile(
    r"(?:单位|部门)(?:编码|代码|编号|名称)$|^(?:预算)?单位$|^(?:主管)?部门$|预算单位|单位名称|实施单位|填报单位|部门[（(]单位[）)]"
)
_CODE = re.compile(r"(?:编码|编号|代码|科目号)")
_PART = re.compile(r"^(?:类|款|项)$")
_NAME = re.compile(r"科目名称|名称$|^科目$|科目$")
_REMARK = re.compile(r"备注|说明|事由|理由|依据")


def _role(path: tuple[str, ...], cells: Sequence[str]) -> Role:
    leaf = path[-1] if path else ""
    filled = [text for text in cells if text and text not in ("-", "--", "—")]
    figures = sum(is_figure(text) for text in filled)
    codes = sum(CODE.fullmatch(text) is not None for text in filled)
    if any(_ORDER.match(part) for part in path):
        return Role.ORDER
    if _PART.match(leaf):
        return Role.CODE
    if filled and sum(CODED_NAME.fullmatch(text) is not None for text in filled) * 2 > len(filled):
        return Role.CODED_NAME
    if _OWNER.search(leaf):
        return Role.OWNER
    parts = sum(re.fullmatch(r"\d{1,3}", text) is not None for text in filled)
    if (_CODE.search(leaf) and (not filled or codes + parts or not figures)) or (
        filled and codes * 10 >= len(filled) * 8 and (not path or "科目" in "".join(path))
    ):
        return Role.CODE
    if _REMARK.search(leaf) and figures * 2 <= len(filled):
        return Role.REMARK
    if filled and figures * 2 < len(filled):
        return Role.NAME if _NAME.search(leaf) else Role.LABEL
    if not filled and _NAME.search(leaf):
        return Role.NAME
    if not filled and re.search(r"^(?:项目|收入|支出)$", leaf):
        return Role.LABEL
    return Role.VALUE


def column_roles(table: LogicalTable) -> tuple[Role, ...]:
    """The role of each column, from its header words and from what stands in it."""
    rows = [row for row in table.rows if not is_order_row(row)]
    roles = []
    for c, path in enumerate(table.paths):
        cells = [text_of(row[c]) for row in rows if c == 0 or row[c] is None or row[c] is not row[c - 1]]
        roles.append(_role(path, cells))
    for c, role in enumerate(roles):  # text beside a code column is its name
        if role is Role.LABEL and c > 0 and roles[c - 1] is Role.CODE:
            roles[c] = Role.NAME
        if (
            role is Role.NAME
            and Role.CODE not in roles[:c]
            and Role.CODED_NAME not in roles[:c]
            and Role.CODE not in roles[c:]
        ):
            roles[c] = Role.LABEL
    return tuple(roles)


def split_blocks(roles: Sequence[Role]) -> list[Block]:
    """Group columns into blocks: a label column after a value column opens the next block.

    Codes and names that no value follows belong to the values before them.
    """
    blocks: list[Block] = []
    current: dict[Role, list[int]] = {}
    heads = (Role.CODE, Role.CODED_NAME, Role.NAME, Role.LABEL)

    def close() -> None:
        if current.get(Role.VALUE):
            blocks.append(
                Block(
                    tuple(current.get(Role.CODE, []) + current.get(Role.CODED_NAME, [])),
                    tuple(current.get(Role.NAME, [])),
                    tuple(current.get(Role.LABEL, [])),
                    tuple(current.get(Role.OWNER, [])),
                    tuple(current[Role.VALUE]),
                )
            )

    for c, role in enumerate(roles):
        if role in heads and current.get(Role.VALUE):
            close()
            current = {}
        current.setdefault(role, []).append(c)
    if blocks and not blocks[-1].codes and not current.get(Role.VALUE) and current.get(Role.CODE):
        opened = blocks.pop()
        current[Role.NAME] = [*opened.names, *current.get(Role.NAME, [])]
        current[Role.LABEL] = [*opened.labels, *current.get(Role.LABEL, [])]
        current[Role.OWNER] = [*opened.owners, *current.get(Role.OWNER, [])]
        current[Role.VALUE] = list(opened.values)
    close()
    return blocks
