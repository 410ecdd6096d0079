"""From a disclosure and a layout to the blocks of the printed document."""

from __future__ import annotations

from fiscalgraph.samples.composer import Composer
from fiscalgraph.samples.evaluation import evaluation_table, project_texts, target_table
from fiscalgraph.samples.layout import LayoutVariant
from fiscalgraph.samples.model import Disclosure
from fiscalgraph.samples.printed import Block
from fiscalgraph.samples.prose import (
    account_explanations,
    budget_explanations,
    glossary,
    organization,
    performance_review,
)
from fiscalgraph.samples.tables_accounts import account_tables
from fiscalgraph.samples.tables_budget import budget_tables

__all__ = ["compose", "document_title"]


def document_title(disclosure: Disclosure) -> str:
    """The title on the cover, e.g. 清河市教育局2024年度部门决算."""
    return f"{disclosure.department.name}{disclosure.year}年度{disclosure.kind}"


def compose(disclosure: Disclosure, variant: LayoutVariant) -> list[Block]:
    """All blocks of the document in reading order, each with the facts it states."""
    composer = Composer(disclosure, variant)
    composer.say(document_title(disclosure), "cover")
    kind, year = disclosure.kind, disclosure.year
    whose = disclosure.department.kind
    tables_part = f"{year}年度{kind}表"
    text_part = f"{year}年度{kind}情况说明"
    middle = (tables_part, text_part) if variant.tables_first else (text_part, tables_part)
    parts = (f"{whose}概况", *middle, "名词解释", "附件")
    if variant.contents:
        composer.say("目录", "title", new_page=True)
        for number, part in zip("一二三四五", parts, strict=True):
            composer.say(f"第{number}部分 {part}", "entry")
    texts = project_texts(composer)
    for number, part in zip("一二三四五", parts, strict=True):
        composer.say(f"第{number}部分 {part}", "heading1", new_page=True)
        if part == parts[0]:
            organization(composer)
        elif part == tables_part:
            composer.blocks += account_tables(composer) if disclosure.accounts else budget_tables(composer)
        elif part == text_part and disclosure.accounts:
            account_explanations(composer, disclosure.accounts)
            performance_review(composer, texts)
        elif part == text_part and disclosure.budget:
            budget_explanations(composer, disclosure.budget)
        elif part == "名词解释":
            glossary(composer)
        elif disclosure.accounts:
            composer.blocks += [evaluation_table(composer, text, narrative=True) for text in texts]
        else:
            composer.blocks += [target_table(composer, text) for text in texts]
    return composer.blocks
