"""Whether a page's text layer says what the page shows, as far as the text alone can tell."""

from __future__ import annotations

import unicodedata
from itertools import accumulate

import numpy as np

__all__ = ["is_garbled"]

MIN_CHARACTERS = 20  # fewer say nothing about the layer
MAX_UNKNOWN = 0.1  # share of characters without a meaning
MAX_FOREIGN = 0.3  # share of letters that no Chinese disclosure is written in
MAX_RARE = 0.3  # share of Chinese characters outside the common set
MIN_COMMON = 0.02  # share of the commonest characters below which Chinese text is doubtful
# Any page of Chinese prose or tables holds some of these; text decoded wrongly does not.
_COMMON = "的一不在有年度和为元部出支收目及於于项項算計计總总本財财預预決决"


def is_garbled(text: list[str]) -> bool:
    """Whether these characters (a whole page's) are a broken encoding rather than text.

    Three signs: characters without meaning (private use, unassigned, ``(cid:…)``), letters of
    scripts that do not occur here (Latin with accents, Greek, Cyrillic …: bytes read in a
    wrong encoding), and Chinese of rare characters only.
    """
    if not text:
        return False
    joined = "".join(text)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    unknown = (codes < 0x20) | ((codes >= 0x7F) & (codes < 0xA0)) | (codes == 0xFFFD) | (codes >= 0xF0000)
    unknown |= (codes >= 0xE000) & (codes <= 0xF8FF)
    lost = int(unknown.sum()) + joined.count("(cid:") * len("(cid:1)")
    exotic = codes[(codes >= 0x0250) & ((codes < 0x2000) | (codes > 0xFFFF))].tolist()
    lost += sum(1 for code in exotic if unicodedata.category(chr(code)) == "Cn")
    if len(codes) < MIN_CHARACTERS:
        return lost > 0.5 * len(codes)
    if lost > MAX_UNKNOWN * len(codes):
        return True
    foreign = (codes >= 0xC0) & (codes < 0x2000) & (codes != 0xD7) & (codes != 0xF7)
    if foreign.sum() > MAX_FOREIGN * len(codes):
        return True
    chinese = codes[(codes >= 0x3400) & (codes <= 0x9FFF)]
    if len(chinese) < MIN_CHARACTERS:
        return False
    counts = accumulate(map(joined.count, _COMMON))  # the first few of them nearly always suffice
    if any(common >= MIN_COMMON * len(chinese) for common in counts):
        return False
    rare = sum(1 for code in chinese.tolist() if not _is_simplified(chr(code)))
    return rare > MAX_RARE * len(chinese)


def _is_simplified(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
