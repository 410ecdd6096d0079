"""What a statement comes down to: the cause without its effect and without the plans that follow it; and
whether it says that all is well."""

from __future__ import annotations

import re

from fiscalgraph.search.folding import folded

__all__ = ["core_of", "says_cured"]

_SHORTEST = 6

# "…未完成，主要原因是：X" is about X; the rest says what came of it.
_EFFECT = re.compile(
    "^.{2,80}?[，,。；;：:]?\\s*(?:主要)?(?:原因分析|原因在于|原因[是为系有]|原因|(?:主要)?[是系]因为?|(?:主要)?是?由于)"
    "(?:主要|在于|一是|[是为有：:，,])*(?P<cause>.{6,})$",
    re.DOTALL,
)
_LEAD = re.compile("^(?:主要)?(?:由于|因为|因|受)(?=.{6})")
_PLANS = re.compile(
    "[。；;，,](?:下一步|今后|后续|以后年?度?|下年度?|明年|改进措施)[^。]{4,}(?:。.*)?$", re.DOTALL
)
# "…，提高资金使用效益": what a measure is to bring about; nearly every one ends so.
_BENEFIT = re.compile(
    "[，,；;。](?:以|从而|并|切实|充分|不断|有效|持续|进一步|最大限度|全面|确实|努力)*(?:提高|提升|确保|保障|保证|发挥|促进|推动|增强|实现)[^，,；;。]{0,20}"
    "(?:效益|效率|效能|效果|质效|水平|质量|实施|开展|推进|进行|实现|完成|落地|发展|运行|见效|作用)(?=[，,；;。]|$)"
)
_CURED = re.compile(
    "已[^，。；]{0,10}?(?:完成|到位|解决|建成|开通|落实|配齐|补齐|改善|整改|签|交付|投入|竣工|验收|达到|实现|恢复|清偿|拨付|下达|发放)|"
    "(?:如期|按期|按时|及时|顺利|圆满|提前|超额)(?:完成|到位|拨付|下达|交付|竣工|验收|开工|办结|支付|投用|领取|移交|达到|结清|发放)|"
    "充足|充裕|富余|宽裕|齐全|达标|满员|良好|优秀|优良|均(?:已|按)|全部(?:完成|到位|落实|办结|达)|"
    "(?:有所|明显|显著|大幅)(?:提高|提升|改善|好转|增强|加快)|符合(?:规定|要求|标准)|衔接顺畅|畅通|不再|"
    "没有发生|未发生|零投诉|满意度(?:较高|高)"
)
_NOT_BEFORE = re.compile("(?:[不未没无欠难少]|不够|[不未]能|没有|有待|尚未|缺乏|需要?|有待进一步|难以)$")


def core_of(text: str) -> str:
    """The cause itself: without the effect before “主要原因是” and the plans after “下一步”.

    >>> core_of("预算执行率未达标，主要原因是：采购流标，合同签订较晚；下一步加快采购进度。")
    '采购流标，合同签订较晚'
    """
    stated = _EFFECT.match(text)
    core = stated["cause"] if stated else _LEAD.sub("", text)
    shorter = _BENEFIT.sub("", _PLANS.sub("", core))
    return shorter if len(shorter) >= _SHORTEST else core


def says_cured(text: str) -> bool:
    """Whether something is said to be done or in order (资金已到位), and not in the negative."""
    said = folded(text)
    return any(not _NOT_BEFORE.search(said[: found.start()][-6:]) for found in _CURED.finditer(said))
