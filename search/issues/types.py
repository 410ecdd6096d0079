"""Which causes of the scheme (未达标原因分类) a statement gives, with how sure that is.

A statement is cut into sentences and clauses; what it promises (后续将…) and what it quotes (“…”指标) are
set aside. Each concept of :mod:`fiscalgraph.ontology.causes` is compared by its wordings (patterns) and by
its labels and examples (vectors). A few weights, fitted on labelled statements, turn both into a confidence.
Several types may hold; none is an answer too.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fiscalgraph.ontology.causes import Cause, causes
from fiscalgraph.search.encoder import DEFAULT_MODEL, StaticEncoder
from fiscalgraph.search.errors import ModelError
from fiscalgraph.search.issues.prefilter import Prefilter
from fiscalgraph.search.issues.stated_causes import StatedCauses, stated_causes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.encoder import Encoder

    Array = npt.NDArray[np.float64]

__all__ = [
    "FEATURES",
    "WEIGHTS_FILE",
    "Alignment",
    "CauseType",
    "CauseWeights",
    "align",
    "cause_types",
    "features",
    "sentences",
    "types_fingerprint",
    "weights_of",
]

WEIGHTS_FILE: Final = "cause_types.json"

FEATURES: Final = ("likest", "margin", "centre", "worded", "alone", "learnt")
"""Of a statement and a concept: cosine with its likest wording, by how much that is above the best of any
other concept, cosine with the mean of its wordings, whether a pattern finds it, one over the number of
concepts that patterns find in the same sentence, and the log odds by :mod:`.stated_causes`."""

_BY_PATTERNS: Final = slice(3, 5)
"""The features that need no model."""

_LEAST_SHARE: Final = 0.001

_AGREE: Final = 0.6
"""The share of an issue's members that must be of a type for the issue to be aligned with it."""

_SHORTEST: Final = 4
_BATCH: Final = 2048

_ASIDE = re.compile(r"[“\"][^”\"]{0,40}[”\"]|《[^》]{0,80}》|（[^）]{0,60}）")
_ENUMERATOR = (
    r"(?:^|(?<=[，。；：:]))\s*"
    r"(?:[一二三四五六七八九]是|另?一方面|[（(][一二三四五六七八九十]+[)）]|\d+[、.．](?!\d))"
)
_SENTENCE = re.compile(rf"[。；;！？\n]|{_ENUMERATOR}")
_CLAUSE = re.compile("[，,：:]")
_PROMISED = re.compile(
    r"(?:后续|下一步|今后|以后|下年|建议|拟(?!合)|现已|将(?=继续|进一步|加|采取|提前|持续|考虑|按|在|积极|合理)|"
    r"已(?=指派|改为|商请|组织|制定|指定)|待批复后).*$"
)
_IN_ORDER = re.compile(
    "到位|及时|齐全|充足|充裕|富余|明确|一致|稳定|充分|准确|合理|匹配|合格|满足|可比|完整|科学|恢复|入账|较小|熟练|熟悉|能力较强|良好|"
    "足额|专款专用|[按如]期|按时|提前|(?:超额|全部|顺利|圆满)完成"
)
_AMISS = re.compile(
    "[不未没无难缺少短慢晚迟滞欠弱差但偏超受因后待]|(?<!人)才(?![能华艺])|进一步|有待|有限|过[高多低]|仍|提[升高]空间|加强|问题|压力|减少|下降|困难|矛盾"
)
_RULED_OUT = re.compile("(?:未|没有|无|杜绝)(?:发现|发生|出现|闲置|返工|截留|挪用|拖欠)")


@dataclass(frozen=True, slots=True)
class CauseType:
    """A type a statement was assigned: the concept's code, and the confidence, 0 to 1, four decimals."""

    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """An issue's concept. ``relation``: ``closeMatch`` (a cause) or ``broadMatch`` (only a group of causes
    holds enough members); ``share`` of the members that are of it."""

    code: str
    relation: str
    share: float


@dataclass(frozen=True, slots=True)
class CauseWeights:
    """What turns features into a confidence, for the model with this ``fingerprint``.

    Assignments of at least ``confidence`` are stated, and where a statement has none such, its surest of at
    least ``sole``: of those a share ``precision`` was right, and they are a share ``recall`` of what was to
    be found, on ``measured_on``. ``worded`` are the intercept and the weights of the features of the patterns
    alone, for models that nothing was measured with.
    """

    fingerprint: str
    intercept: float
    weights: tuple[float, ...]
    worded: tuple[float, float, float]
    confidence: float
    sole: float
    precision: float
    recall: float
    measured_on: str

    def save(self, file: Path) -> None:
        """Write the weights; equal figures give equal bytes."""
        file.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def confidences(self, values: Array, fingerprint: str) -> Array:
        """The confidence of each statement and cause, from :func:`features` of the model ``fingerprint``."""
        import numpy as np

        if fingerprint == self.fingerprint:
            logits = values @ np.array(self.weights) + self.intercept
        else:
            logits = values[:, :, _BY_PATTERNS] @ np.array(self.worded[1:]) + self.worded[0]
        confidences: Array = 1.0 / (1.0 + np.exp(-logits))
        return confidences

    def stated(self, confidences: Array) -> npt.NDArray[np.bool_]:
        """Which of the confidences of statements (first axis) in causes (second) are stated."""
        import numpy as np

        sure: npt.NDArray[np.bool_] = confidences >= self.confidence
        best = confidences.argmax(axis=1)
        rows = np.flatnonzero(~sure.any(axis=1) & (confidences.max(axis=1, initial=0.0) >= self.sole))
        sure[rows, best[rows]] = True
        return sure


@cache
def weights_of(folder: Path = DEFAULT_MODEL) -> CauseWeights:
    """The weights kept beside a model. Raises :class:`ModelError` when the file is damaged or not there."""
    file = folder / WEIGHTS_FILE
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        found = CauseWeights(
            **{**content, "weights": tuple(content["weights"]), "worded": tuple(content["worded"])}
        )
        if len(found.weights) != len(FEATURES):
            raise ValueError(f"{len(found.weights)} weights for {len(FEATURES)} features")
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(
            f"weights {file}",
            f"{type(error).__name__}: {error}",
            "Install again, or run bench/cause_types.py --fit",
        ) from error
    return found


def sentences(text: str) -> list[str]:
    """The sentences of a statement that may tell a cause.

    Without enumerators, quotations, promises, and clauses that say that something is as it should be.

    >>> sentences("一是资金下达晚，采购未完成；二是“知晓率”指标偏低。后续将加强宣传")
    ['资金下达晚，采购未完成', '指标偏低']
    """
    cut = (_PROMISED.sub("", each) for each in _SENTENCE.split(_ASIDE.sub("", text)))
    told = (
        "，".join(part for part in _CLAUSE.split(each) if part.strip() and not _cured(part)) for each in cut
    )
    return [each.strip() for each in told if len(each.strip()) >= _SHORTEST]


def _cured(clause: str) -> bool:
    in_order = _IN_ORDER.search(clause) and not _AMISS.search(clause)
    return bool(in_order or _RULED_OUT.search(clause))


def _units(told: Iterable[str]) -> list[str]:
    """What is compared by vectors: each sentence, each clause, each two clauses in a row."""
    found: dict[str, None] = {}
    for sentence in told:
        clauses = [each for each in _CLAUSE.split(sentence) if len(each) >= _SHORTEST]
        pairs = ("，".join(pair) for pair in pairwise(clauses))
        found.update(dict.fromkeys((sentence, *clauses, *pairs)))
    return list(found)


class _Wordings:
    """The concepts' wordings as vectors of one model."""

    def __init__(self, concepts: Sequence[Cause], encoder: Encoder) -> None:
        import numpy as np

        texts = [(number, text) for number, each in enumerate(concepts) for text in _texts(each)]
        self.starts = np.flatnonzero(np.diff([-1, *(number for number, _ in texts)]))
        self.vectors = encoder.encode([text for _, text in texts])
        centres = np.add.reduceat(self.vectors, self.starts, axis=0)
        norms = np.linalg.norm(centres, axis=1, keepdims=True)
        self.centres = centres / np.where(norms > 0, norms, 1)


_OF_ENCODER: dict[str, _Wordings] = {}


def _wordings(encoder: Encoder) -> _Wordings:
    """Those of this model, made once."""
    if encoder.fingerprint not in _OF_ENCODER:
        _OF_ENCODER[encoder.fingerprint] = _Wordings(causes(), encoder)
    return _OF_ENCODER[encoder.fingerprint]


def _texts(concept: Cause) -> tuple[str, ...]:
    return (concept.label_zh, *concept.labels, *concept.examples)


def features(texts: Sequence[str], encoder: Encoder, learnt: StatedCauses | None = None) -> Array:
    """The :data:`FEATURES` of every statement (first axis) and cause (second, in ``causes()``' order).

    ``learnt``: in place of what is kept beside the model; a model with nothing beside it has learnt nothing.
    """
    import numpy as np

    concepts = causes()
    wordings = _wordings(encoder)
    if learnt is None and isinstance(encoder, StaticEncoder):
        learnt = stated_causes(encoder.folder)
    result = np.zeros((len(texts), len(concepts), len(FEATURES)))
    result[:, :, 5] = _log_odds(np.zeros(1))
    for start in range(0, len(texts), _BATCH):
        told = [sentences(text) for text in texts[start : start + _BATCH]]
        units = [_units(each) for each in told]
        rows = np.flatnonzero([bool(own) for own in units])
        if not len(rows):
            continue
        number: dict[str, int] = {}
        compared = np.array([number.setdefault(unit, len(number)) for own in units for unit in own])
        starts = np.cumsum([0, *(len(units[row]) for row in rows.tolist())])[:-1]
        vectors = encoder.encode(list(number))
        result[start + rows, :, :3] = _likeness(vectors, compared, starts, wordings)
        result[start + rows, :, _BY_PATTERNS] = _worded([told[row] for row in rows.tolist()], concepts)
        if learnt is not None:
            shares = learnt.shares(vectors).astype(np.float64)
            result[start + rows, :, 5] = _log_odds(np.maximum.reduceat(shares[compared], starts, axis=0))
    return result


def _log_odds(shares: Array) -> Array:
    import numpy as np

    kept = np.clip(shares, _LEAST_SHARE, 1 - _LEAST_SHARE)
    odds: Array = np.log(kept / (1 - kept))
    return odds


def _likeness(
    vectors: npt.NDArray[np.float32],
    compared: npt.NDArray[np.int64],
    starts: npt.NDArray[np.int64],
    wordings: _Wordings,
) -> Array:
    """Of each statement: ``compared`` are the rows of its units in ``vectors``, those of one from each of
    ``starts`` on."""
    import numpy as np

    # Row by row: the last digits of a product of matrices depend on what else is in them.
    products = np.empty((len(vectors), len(wordings.vectors)), dtype=np.float32)
    centres = np.empty((len(vectors), len(wordings.centres)), dtype=np.float32)
    for row, each in enumerate(vectors):
        np.matmul(wordings.vectors, each, out=products[row])
        np.matmul(wordings.centres, each, out=centres[row])
    nearest = np.maximum.reduceat(products, wordings.starts, axis=1)
    second, best = np.partition(nearest, -2, axis=1)[:, -2:, None].transpose(1, 0, 2)
    margin = nearest - np.where(nearest >= best, second, best)
    centre = np.maximum.reduceat(centres[compared], starts, axis=0)
    # The unit that is likest to a concept, and of several the first.
    fit = (nearest + 0.5 * margin)[compared]
    chosen = fit == np.repeat(np.maximum.reduceat(fit, starts, axis=0), np.diff([*starts, len(fit)]), axis=0)
    place = np.where(chosen, np.arange(len(fit))[:, None], len(fit))
    unit = compared[np.minimum.reduceat(place, starts, axis=0)]
    concept = np.arange(nearest.shape[1])
    return np.stack([nearest[unit, concept], margin[unit, concept], centre], axis=2).astype(np.float64)


def _worded(told: Sequence[Sequence[str]], concepts: Sequence[Cause]) -> Array:
    """Of statements, each given by its sentences."""
    import numpy as np

    spoken = [sentence for each in told for sentence in each]
    found = _prefilter().possible(spoken)
    for row, column in np.argwhere(found).tolist():
        wording = concepts[column].wordings
        found[row, column] = wording is not None and wording.search(spoken[row]) is not None
    share = found / np.maximum(found.sum(axis=1, keepdims=True), 1)
    starts = np.cumsum([0, *map(len, told)])[:-1]
    return np.stack(
        [np.logical_or.reduceat(found, starts, axis=0), np.maximum.reduceat(share, starts, axis=0)], axis=2
    )


@cache
def _prefilter() -> Prefilter:
    return Prefilter([each.wordings for each in causes()])


def cause_types(
    texts: Sequence[str], encoder: Encoder, confidence: float | None = None
) -> list[tuple[CauseType, ...]]:
    """The types of each statement, the surest first; an empty tuple where none is sure enough.

    ``confidence``: the least that counts; ``None``: as :class:`CauseWeights` was measured. A model that the
    weights were not fitted for is not asked: the patterns alone decide. Raises :class:`ModelError` when the
    weights cannot be read.
    """
    if not texts:
        return []
    weights = weights_of()
    sure = weights.confidences(features(texts, encoder), encoder.fingerprint)
    stated = weights.stated(sure) if confidence is None else sure >= confidence
    codes = [each.code for each in causes()]
    return [
        tuple(
            sorted(
                (
                    CauseType(code, round(float(value), 4))
                    for code, value, told in zip(codes, row, chosen, strict=True)
                    if told
                ),
                key=lambda each: (-each.confidence, each.code),
            )
        )
        for row, chosen in zip(sure, stated, strict=True)
    ]


def types_fingerprint(encoder: Encoder) -> str:
    """Of all that a type depends on, but for the program."""
    scheme = [
        (each.code, each.label_zh, each.labels, each.examples, each.wordings and each.wordings.pattern)
        for each in causes()
    ]
    learnt = stated_causes(encoder.folder) if isinstance(encoder, StaticEncoder) else None
    used = (encoder.fingerprint, learnt and learnt.fingerprint, weights_of(), scheme)
    return hashlib.sha256(repr(used).encode()).hexdigest()


def align(members: Sequence[Sequence[CauseType]]) -> Alignment | None:
    """The concept of an issue whose members have these types; ``None``: the issue stands alone.

    The cause that most members are of, when at least six in ten are; else the group of causes, when six in
    ten are of one. Of two held by as many the one with the higher summed confidence is taken, then by code.
    """
    if not members:
        return None
    group_of = {each.code: each.group or each.code for each in causes()}
    by_cause: dict[str, list[float]] = defaultdict(list)
    by_group: dict[str, list[float]] = defaultdict(list)
    for types in members:
        groups: dict[str, float] = {}
        for each in types:
            by_cause[each.code].append(each.confidence)
            groups[group_of[each.code]] = max(each.confidence, groups.get(group_of[each.code], 0.0))
        for group, sure in groups.items():
            by_group[group].append(sure)
    return _most(by_cause, "closeMatch", len(members)) or _most(by_group, "broadMatch", len(members))


def _most(held: Mapping[str, Sequence[float]], relation: str, members: int) -> Alignment | None:
    best = min(held, key=lambda code: (-len(held[code]), -sum(held[code]), code), default=None)
    if best is None or len(held[best]) < _AGREE * members:
        return None
    return Alignment(best, relation, round(len(held[best]) / members, 4))
