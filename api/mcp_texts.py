"""What the MCP server says of itself and its tools, in English and Chinese."""

from __future__ import annotations

from typing import Final

__all__ = ["TEXTS"]

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "instructions": (
        "Budgets, final accounts and performance reports of Chinese government bodies, read from their "
        "published documents. Every answer carries `sources` (document, page, quote, IRI): cite them. "
        "`cut` says what was left out. What the documents do not print, or what could not be read, is "
        "missing, never zero. Amounts called `amount` are exact and in 元. Add amounts up with `sum` "
        "only: it counts every 元 once, and refuses what would count twice.",
        "中国政府部门的预算、决算和绩效公开材料，读自其公布的文件。每个回答都附 sources"
        "（文档、页、原文、IRI），引用时请注明；cut 说明省略了什么。文件没有印、或没有读懂的，就是缺失，"
        "不是零。amount 为精确金额，单位元。金额相加请只用 sum：它保证每一元只算一次，"
        "会重复计算的一律拒绝。",
    ),
    "search": ("Search by meaning", "按意思检索"),
    "search.about": (
        "Passages that mean nearly the same as a text: causes, measures and reasons that bodies state. "
        "`similar` tells whether a hit passes the threshold of similarity.",
        "按意思查找与一段文字相近的表述：各部门写的原因、措施和理由。similar 表示是否达到“相似”门槛。",
    ),
    "search.text": ("In your own words.", "用自己的话写。"),
    "similar": ("Similar statements elsewhere", "别的部门的类似表述"),
    "similar.about": (
        "What other bodies state that is similar to a passage of an earlier answer.",
        "与此前某条表述相近、来自其他部门的表述。",
    ),
    "similar.passage": ("The passage's IRI.", "该表述的 IRI。"),
    "similar.same": ("Also of the same body.", "也包括同一部门的。"),
    "sparql": ("Ask the graph in SPARQL", "用 SPARQL 查询图谱"),
    "sparql.about": (
        "A read-only SPARQL 1.1 query over the graph, within limits of time and rows. Ask for the IRIs "
        "of facts too, so that they come with their sources. Do not add amounts up here: see `sum`. "
        "Declare those of these prefixes that you use: ",
        "对图谱的只读 SPARQL 1.1 查询，有时间和行数限制。请同时取出事实的 IRI，以便附上出处。"
        "金额不要在这里相加，请用 sum。用到的前缀请先声明：",
    ),
    "sum": ("Add amounts up", "金额合计"),
    "sum.about": (
        "The sum of expenditure, revenue or three publics, each 元 counted once. It is refused, with a "
        "request that is answered, when years, phases or scopes of money would be mixed or counted "
        "twice. Dimensions for `by` and `where`: organization, region, level, year, phase (预算, 决算), "
        "scope (全部资金, 财政拨款, 一般公共预算 …), class, subclass, item, type, document.",
        "支出、收入或“三公”经费的合计，每一元只算一次。年度、预算阶段、资金口径混在一起或会重复计算时"
        "拒绝，并给出可以回答的问法。by 和 where 可用的维度：organization, region, level, year, "
        "phase（预算、决算）、scope（全部资金、财政拨款、一般公共预算……）、"
        "class, subclass, item, type, document。",
    ),
    "sum.by": ("Dimensions to list.", "按这些维度分列。"),
    "sum.where": ("Conditions, such as year=2024 or phase=决算.", "条件，如 year=2024、phase=决算。"),
    "department": ("A body and its money", "一个部门及其收支"),
    "department.about": (
        "A government body: units, documents, budget and final accounts by year, three publics, "
        "projects, checks. Without a name: the bodies there are.",
        "一个政府部门：所属单位、文档、各年预算和决算、“三公”经费、项目、核对结果。不写名称则列出有哪些部门。",
    ),
    "project": ("A project from goal to result", "一个项目从目标到结果"),
    "project.about": (
        "A project: goals, funds, indicators with targets, results and scores, reasons and measures, in "
        "every document that reports on it. Without a name: the projects there are.",
        "一个项目：目标、资金、指标及其目标值、完成值和得分、原因和措施，逐份文档列出。不写名称则列出有哪些项目。",
    ),
    "checks": ("What agrees and what contradicts", "核对结果"),
    "checks.about": (
        "Comparisons of figures and statements of the documents, with both sides and their places: "
        "sums, balances, text against tables, one document against another.",
        "文件中数字与表述的核对，列出双方及其位置：加总、平衡、文字与表格、文件与文件之间。",
    ),
    "checks.verdict": ("Which outcome.", "哪种结论。"),
    "checks.check": ("Only this check, by name.", "只看这项核对。"),
    "source": ("Where a fact was read", "事实的出处"),
    "source.about": (
        "A fact in words and every place it was read: document, page, line, the document's own words, "
        "and on request a picture of the printed row, if it is a PDF.",
        "一个事实说的是什么，以及每一处出处：文档、页、行、原文；PDF 可附所在行的截图。",
    ),
    "source.fact": ("Its IRI.", "该事实的 IRI。"),
    "source.picture": ("With a picture of a place.", "附截图。"),
    "source.place": ("Which of its places is pictured.", "截图取第几处出处。"),
    "name": ("Its name or IRI.", "名称或 IRI。"),
    "contains": ("List those whose name holds this.", "列出名称含此文字的。"),
    "of_department": ("Only what this body publishes.", "只看这个部门公布的。"),
    "of_document": ("Only this document, by name.", "只看这份文档。"),
    "of_year": ("Fiscal year.", "年度。"),
    "of_kind": (
        "Causes of problems, measures, reasons for missed indicators, or for changes in spending.",
        "问题原因、改进措施、指标未完成原因、支出变动原因。",
    ),
    "count": ("How many.", "条数。"),
    "offset": ("How many to pass over.", "略过多少条。"),
}
"""English, Chinese."""
