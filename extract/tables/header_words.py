"""The words of a fiscal table's header, found again in flattened text.

A header's words are prescribed but their arrangement is not: each government prints other columns.
Flattened text may break a word over lines and weave the halves of neighbouring words into each
other, so the words are found by following the characters, with unfinished words held open.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import count, product

__all__ = ["Family", "HeaderWord", "find_words", "is_one_word", "is_part_of_a_word", "is_several_words"]


class Family(StrEnum):
    """What a header word stands for; decides under which parents it may stand."""

    LABEL = "label"  # 科目编码, 科目名称, 行次: no amounts below
    ORDER = "order"  # 行次, 序号, 备注: beside the rows
    ITEM = "item"  # 项目: what a row is about
    OWNER = "owner"  # 单位名称: whose row it is
    SIDE = "side"  # 收入, 支出 above the halves of a table
    TOTAL = "total"  # 合计, 小计
    NATURE = "nature"  # 基本支出, 项目支出, 经营支出
    STAFF = "staff"  # 人员经费, 公用经费
    SOURCE = "source"  # 一般公共预算, 政府性基金预算
    ALLOCATION = "allocation"  # 财政拨款 as a whole
    INCOME = "income"  # 事业收入, 其他收入
    SCHOOL = "school"  # 教育收费 below 财政专户
    CARRIED = "carried"  # 上年结转
    PUBLIC = "public"  # 因公出国（境）费, 公务接待费
    VEHICLES = "vehicles"  # 公务用车购置及运行维护费
    VEHICLE_PART = "vehicle part"
    MEETINGS = "meetings"  # 会议费, 培训费
    BESIDE = "beside"  # 机关运行经费, 政府采购: beside the sums
    AMOUNT = "amount"  # 预算数, 决算数, 金额
    OF_WHICH = "of which"  # 其中：… that takes no part in a sum
    YEAR = "year"  # 上年, 当年, 增减变化情况 above the same columns
    BLOCK = "block"  # words that only stand above others
    PARTS = "parts"  # 其中： above its parts


_F = Family
_SPELLINGS: tuple[tuple[Family, str], ...] = (
    (_F.LABEL, "{支出|}{功能|经济|部门经济|政府经济|}{分类|}科目{编码|代码|名称|}"),
    (_F.LABEL, "{部门|政府}{预算|}{支出|}经济{分类|}{科目|}{编码|代码|名称|}"),
    (_F.LABEL, "{预算|收入分类|支出分类|政府收支分类}科目{编码|代码|名称|}"),
    (_F.LABEL, "{支出|}{功能|经济}分类{编码|代码|名称|}"),
    (_F.LABEL, "{编码|代码|名称|类|款|项|类款|类款项}"),
    (_F.ORDER, "{行次|栏次|序号|备注|年度}"),
    (_F.ITEM, "{项目|支出项目类别|支出项目类别（资金使用单位）|项目（按功能分类）|项目名称|项目类别}"),
    (_F.ITEM, "{支出|}功能{分类|分}科目（按大类）"),
    (_F.ITEM, "{部门|政府}{预算|}{支出|}经济{分类|}科目（按大类）"),
    (_F.OWNER, "{预算单位|单位代码|单位编码|单位名称|部门代码|部门编码|部门名称|单位}"),
    (_F.SIDE, "{收入|支出}"),
    (_F.TOTAL, "{合计|总计|小计|总额|本年合计|收入总计|支出总计|项目支出总数}"),
    (_F.TOTAL, "{本年|}{收入|支出}{合计|小计|预算合计}"),
    (_F.TOTAL, "{“三公”经费合计|三公经费合计|“三公”经费财政拨款预算总额}"),
    (_F.NATURE, "{其中：|}基本支出"),
    (_F.NATURE, "{其中：|}项目支出"),
    (_F.NATURE, "{事业单位|}经营支出"),
    (_F.NATURE, "{上缴上级支出|对附属单位补助支出|对下级单位补助支出}"),
    (_F.NATURE, "{结转下年|结转下年支出|专项业务经费支出}"),
    (_F.STAFF, "人员{经费|支出|经费支出|类}"),
    (_F.STAFF, "{日常|}公用{经费|支出|经费支出}"),
    (_F.SOURCE, "{一般公共预算|政府性基金预算}{财政|本级财政|}{拨款收入|拨款|收入|资金|}"),
    (_F.SOURCE, "{政府性基金|国有资本经营预算}{财政|本级财政|}{拨款收入|拨款|收入|资金|}"),
    (_F.SOURCE, "社会保险基金预算{拨款收入|拨款|收入|资金|}"),
    (_F.SOURCE, "财政专户{管理|}{资金|资金收入|事业收入|拨款|拨款收入}"),
    (_F.SOURCE, "{单位资金|其他资金|其他资金收入|单位资金收入|专户资金结转结余|单位资金结转结余}"),
    (_F.ALLOCATION, "{本级|}财政拨款{收入|支出|}"),
    (_F.INCOME, "事业收入{（不含教育收费）|}"),
    (_F.INCOME, "{事业单位|}经营{服务|}收入"),
    (_F.INCOME, "{上级补助收入|附属单位上缴收入|附属单位上缴|对附属单位上缴收入|其他收入}"),
    (_F.INCOME, "{下级单位上缴收入|非同级财政拨款|非同级财政拨款收入|投资收益|债务收入|捐赠收入}"),
    (_F.INCOME, "使用非财政拨款结余{和专用结余|（含专用结余）}"),
    (_F.INCOME, "{其它收入|使用非财政拨款结余|用事业基金弥补收支差额|上年实户资金余额}"),
    (_F.SCHOOL, "{教育收费|其他专户收入拨款}"),
    (_F.CARRIED, "上年{结转结余|结转和结余|结转|结余|结转收入|结余、结转|结转、结余|结余结转}"),
    (_F.CARRIED, "{年初|年末}{财政拨款|}结转和结余"),
    (_F.CARRIED, "上年结转资金"),
    (_F.PUBLIC, "因公出国（境）{费用|费|经费}{支出|}"),
    (_F.PUBLIC, "公务接待{费|费用}{支出|}"),
    (_F.VEHICLES, "公务用车购置及运行{维护|}{费|费用|经费}{支出|}"),
    (_F.VEHICLE_PART, "{其中：|}{公务用车|}购置{费|费用|经费}{支出|}"),
    (_F.VEHICLE_PART, "{其中：|}公务用车购置"),
    (_F.VEHICLE_PART, "{其中：|}{公务用车|}运行{维护|}{费|费用|经费}{支出|}"),
    (_F.MEETINGS, "{会议费|培训费}"),
    (_F.BESIDE, "{Y年|}机关运行经费{预算数|预算|支出|}"),
    (_F.BESIDE, "Y年政府采购项目"),
    (_F.OF_WHICH, "其中：Y年政府采购项目中预留给{中小企业|小型、微型企业}的项目资金规模"),
    (_F.OF_WHICH, "{其中：教育收费|其中：经费拨款|其中：基本建设资金支出}"),
    (_F.OF_WHICH, "{其中：专项资金列入部门预算项目|其中：专项资金列入部门预算的项目}"),
    (_F.OF_WHICH, "{扣除基建项目后预算数}"),
    (_F.AMOUNT, "{Y年|}{年初|本年|}{预算数|决算数|金额|预算|预算金额}{（万元）|（元）|}"),
    (_F.BLOCK, "{本年收入|本年支出|收入预算|支出预算|部门预算}"),
    (_F.BLOCK, "{本年|}{一般公共预算|政府性基金预算|国有资本经营预算|一般公共预算财政拨款}支出"),
    (_F.BLOCK, "{本年|}{政府性基金预算财政拨款|国有资本经营预算财政拨款}支出"),
    (_F.BLOCK, "{Y年|}{本年|}{一般公共预算|财政拨款|一般公共预算财政拨款|}基本支出{预算|}"),
    (_F.BLOCK, "{Y年|}“三公”经费{预算数|预算|}"),
    (_F.BLOCK, "{财政拨款“三公”经费|三公经费预（决）算数（财政拨款）|一般公共预算拨款安排的“三公”经费预算}"),
    (_F.YEAR, "{上年|当年|Y年|增减变化|增减变化情况}"),
    (_F.PARTS, "其中{：|}"),
)  # fmt: skip
_WIDTH = str.maketrans({"(": "（", ")": "）", "%": "％", ":": "：", "”": "“"})
_OPEN_WORDS = 6  # columns whose words may be broken at the same time
_STEPS = 30_000
_LONGEST_HEADER = 400


@dataclass(frozen=True, slots=True)
class HeaderWord:
    """A word of the header as printed (blanks and line breaks dropped), and where it begins."""

    text: str
    family: Family
    start: int
    broken: bool = False  # other words stand between its parts, so its place in the row is uncertain


def _fold(text: str) -> str:
    return text.translate(_WIDTH)


def _spell(pattern: str) -> list[str]:
    parts = re.split(r"\{([^}]*)\}", pattern)
    choices = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
    return ["".join(choice) for choice in product(*choices)]


@cache
def _vocabulary() -> tuple[dict[str, Family], frozenset[str]]:
    """Every word with its family, and every beginning of a word."""
    words: dict[str, Family] = {}
    for family, pattern in _SPELLINGS:
        for word in _spell(pattern):
            words.setdefault(_fold(word), family)
    words.pop("", None)
    beginnings = frozenset(word[:n] for word in words for n in range(1, len(word) + 1))
    return words, beginnings


@cache
def _letters() -> frozenset[str]:
    return frozenset("".join(_vocabulary()[0]))


_WITHOUT_PARTS = frozenset({_F.PUBLIC, _F.STAFF, _F.VEHICLE_PART, _F.MEETINGS})
_BESIDE_FIGURES = frozenset({_F.LABEL, _F.ORDER, _F.ITEM, _F.OWNER, _F.SIDE})


def is_one_word(text: str) -> bool:
    """Whether ``text`` is a header word as a whole."""
    words, _ = _vocabulary()
    return re.sub(r"20\d\d", "Y", _fold(text)) in words


def is_several_words(text: str) -> bool:
    """Whether a cell of a header holds the words of several columns that were not told apart."""
    words, _ = _vocabulary()
    rest = re.sub(r"20\d\d", "Y", _fold(text))
    if rest in words:
        return False
    read = find_words([text])
    if read is not None and len(read) > 1:
        families = {word.family for word in read}
        if Family.AMOUNT in families or (Family.TOTAL in families and families & _WITHOUT_PARTS):
            return True
        if families & {Family.LABEL, Family.ITEM} and families - _BESIDE_FIGURES:
            return True
    found = 0
    for word in _longest_first():
        if word in rest:
            found += 1
            rest = rest.replace(word, "|")
    return found > 1


def is_part_of_a_word(text: str) -> bool:
    """Whether a cell of a header holds only the beginning of a word."""
    words, beginnings = _vocabulary()
    folded = re.sub(r"20\d\d", "Y", _fold(text))
    return len(folded) > 2 and folded in beginnings and folded not in words


@cache
def _longest_first() -> tuple[str, ...]:
    words, _ = _vocabulary()
    values = [word for word, family in words.items() if family not in _BESIDE_FIGURES and len(word) >= 4]
    return tuple(sorted(values, key=lambda word: (-len(word), word)))


_State = tuple[int, str, int, tuple[tuple[str, int], ...]]  # position, word, its start, words held open


def find_words(pieces: Sequence[str]) -> tuple[HeaderWord, ...] | None:
    """The header words that ``pieces`` (blank-separated, in reading order) are made of.

    ``None`` if some character belongs to no known word. Of several readings the one of the fewest
    words with the fewest interruptions is taken.
    """
    folded: list[str] = []
    printed: list[str] = []
    breaks: set[int] = set()
    for piece in pieces:
        breaks.add(len(folded))
        for part in re.split(r"(20\d\d)", piece):
            whole = re.fullmatch(r"20\d\d", part) is not None
            folded.extend("Y" if whole else _fold(part))
            printed.extend([part] if whole else part)
    if not folded or len(folded) > _LONGEST_HEADER or any(char not in _letters() for char in folded):
        return None
    return _follow(folded, printed, breaks, lenient=False) or _follow(folded, printed, breaks, lenient=True)


def _follow(
    folded: Sequence[str], printed: Sequence[str], breaks: Set[int], *, lenient: bool
) -> tuple[HeaderWord, ...] | None:
    """The cheapest reading; only a ``lenient`` one interrupts a word that could go on or is complete."""
    words, beginnings = _vocabulary()
    back: dict[_State, _State] = {}
    order = count()
    start: _State = (0, "", 0, ())
    queue: list[tuple[int, int, int, _State, _State]] = [(0, 0, 0, start, start)]
    while queue and len(back) < _STEPS:
        cost, _, _, state, before = heapq.heappop(queue)
        if state in back:
            continue
        back[state] = before
        at, word, begun, held = state
        if at == len(folded) and not word and not held:
            return _collect(state, back, printed)
        ahead: list[tuple[int, _State]] = []
        char = folded[at] if at < len(folded) else ""
        if word:
            goes_on = bool(char) and word + char in beginnings
            if goes_on:
                cost_of_break = 5 if word == "其中：" else 1  # that is likelier a cell above its parts
                ahead.append((cost_of_break * (at in breaks), (at + 1, word + char, begun, held)))
            if word in words:
                ahead.append((0, (at, "", 0, held)))
            if at in breaks and len(held) < _OPEN_WORDS and (lenient or not (goes_on or word in words)):
                ahead.append((3, (at, "", 0, (*held, (word, begun)))))
        elif char:
            if char in beginnings:
                ahead.append((4, (at + 1, char, at, held)))
            ahead.extend(
                (i, (at + 1, open_word + char, open_start, held[:i] + held[i + 1 :]))
                for i, (open_word, open_start) in enumerate(held)
                if open_word + char in beginnings
            )
        for extra, to in ahead:
            heapq.heappush(queue, (cost + extra, -to[0], next(order), to, state))
    return None


def _collect(state: _State, back: Mapping[_State, _State], printed: Sequence[str]) -> tuple[HeaderWord, ...]:
    """The words along the way to ``state``, spelled as printed."""
    words, _ = _vocabulary()
    letters: dict[int, list[int]] = {}
    spelled: dict[int, str] = {}
    while back[state] != state:
        before = back[state]
        if state[0] > before[0]:
            letters.setdefault(state[2], []).append(before[0])
            spelled[state[2]] = max(spelled.get(state[2], ""), state[1], key=len)
        state = before
    return tuple(
        HeaderWord(
            "".join(printed[i] for i in sorted(letters[begun])),
            words[spelled[begun]],
            begun,
            broken=any(begun < other < max(letters[begun]) for other in letters),
        )
        for begun in sorted(letters)
    )
