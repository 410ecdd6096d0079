"""Search over passages made here: what is found, what filters mean, what is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyoxigraph as ox
import pytest

from fiscalgraph.search import (
    Filters,
    IndexUnusable,
    ModelError,
    ModelMismatch,
    Passage,
    PassageIndex,
    PassageNotFound,
    QueryRefused,
    load_encoder,
    passages,
)
from fiscalgraph.search.encoder import DEFAULT_MODEL, StaticEncoder
from fiscalgraph.search.ranking import Ranking
from fiscalgraph.search.vectors import VectorIndex
from fiscalgraph.search.words import WordIndex, shared_words, tokens

STATED = [
    # document, department, year, kind, text
    ("a2023", "甲局", 2023, "problem_cause", "在编人员不足、专业力量配备不到位"),
    ("a2023", "甲局", 2023, "improvement_measure", "通过公开招聘充实一线力量"),
    ("a2023", "甲局", 2023, "problem_cause", "资金下达较晚，部分支出结转至次年。"),
    ("a2024", "甲局", 2024, "underperformance_reason", "资金下达较晚， 部分支出结转至次年"),
    ("b2024", "乙县水务局", 2024, "problem_cause", "资金下达较晚，部分支出结转至次年"),
    ("b2024", "乙县水务局", 2024, "problem_cause", "受汛期强降雨影响，露天作业天数减少"),
    ("b2024", "乙县水务局", 2024, "narrative_reason", "2080501科目的退休人员增加"),
    ("c2024", "丙厅", 2024, "problem_cause", "拨款滞后，指标年末才到位"),
    ("c2024", "丙厅", 2024, "improvement_measure", "加强资料归档，完善台账"),
    ("c2024", "丙厅", 2024, "problem_cause", "采购项目流标，重新组织招标耗时较长"),
]


def made() -> list[Passage]:
    return [
        Passage(
            iri=f"https://example.org/p/{number}",
            kind=kind,
            text=text,
            document=document,
            department=department,
            fiscal_year=year,
            page=number + 1,
            quote=text,
        )
        for number, (document, department, year, kind, text) in enumerate(STATED)
    ]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    return PassageIndex.build(tmp_path_factory.mktemp("home") / "index", made())


class Backwards:
    """Another model: the same vectors with their components in reverse order."""

    name = None

    def __init__(self, inner: StaticEncoder) -> None:
        self._inner = inner
        self.encoded = 0

    @property
    def dimension(self) -> int:
        return self._inner.dimension

    @property
    def fingerprint(self) -> str:
        return "backwards"

    def encode(self, texts: Sequence[str]) -> np.ndarray:  # type: ignore[type-arg]
        self.encoded += len(texts)
        return np.ascontiguousarray(self._inner.encode(texts)[:, ::-1])

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:  # type: ignore[type-arg]
        return self.encode(texts)


def test_finds_what_is_meant(index: PassageIndex) -> None:
    (hit,) = index.search("人手不够，活干不完", k=1)
    assert hit.passage.text == "在编人员不足、专业力量配备不到位"
    assert (hit.passage.document, hit.passage.page, hit.passage.department) == ("a2023", 1, "甲局")
    assert 0 < hit.similarity <= 1
    assert hit.why.vectors_rank == 1


def test_finds_exact_words_and_codes(index: PassageIndex) -> None:
    (hit,) = index.search("2080501", k=1)
    assert hit.passage.text.startswith("2080501")
    assert hit.why.words_rank == 1
    assert hit.why.shared == ("2080501",)


def test_same_words_are_one_hit_with_several_places(index: PassageIndex) -> None:
    hits = index.search("资金下达较晚，部分支出结转至次年", k=10)
    assert [place.document for place in hits[0].places] == ["a2023", "a2024", "b2024"]
    assert hits[0].similarity == pytest.approx(1.0, abs=1e-5)
    assert len(hits) == len(STATED) - 2
    assert len(index) == len(STATED)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kinds": ["improvement_measure"]}, {1, 8}),
        ({"kinds": ["improvement_measure", "narrative_reason"]}, {1, 6, 8}),
        ({"department": "丙厅"}, {7, 8, 9}),
        ({"year": 2023}, {0, 1, 2}),
        ({"department": "甲局", "year": 2024}, {3}),
        ({"department": "甲局", "year": 2024, "kinds": ["problem_cause"]}, set()),
        ({"department": "无此单位"}, set()),
        ({"year": 1999}, set()),
    ],
)
def test_filters_are_exact(index: PassageIndex, filters: dict[str, object], expected: set[int]) -> None:
    hits = index.search("加强资金管理", k=10, filters=Filters(**filters))  # type: ignore[arg-type]
    assert {int(hit.passage.iri.rsplit("/", 1)[1]) for hit in hits} == expected


def test_k_hits_come_back_when_k_match(index: PassageIndex) -> None:
    assert len(index.search("完全无关的天文学术语", k=3, filters=Filters(kinds=["problem_cause"]))) == 3


def test_similar_in_other_departments(index: PassageIndex) -> None:
    hits = index.similar("https://example.org/p/2", k=3)
    assert hits[0].passage.document == "b2024"  # the same words, said elsewhere
    assert hits[1].passage.text == "拨款滞后，指标年末才到位"
    assert all(hit.passage.department != "甲局" for hit in hits)


def test_similar_leaves_out_only_the_own_document(index: PassageIndex) -> None:
    hits = index.similar("https://example.org/p/2", k=10, other_departments_only=False)
    assert hits[0].passage.document == "a2024"
    assert all(hit.passage.iri != "https://example.org/p/2" for hit in hits)


def test_similar_to_an_unknown_passage(index: PassageIndex) -> None:
    with pytest.raises(PassageNotFound, match="no passage of this IRI"):
        index.similar("https://example.org/p/none")


@pytest.mark.parametrize("text", ["", "   ", "，。！", "字" * 10_001, "字" * 34_000])
def test_queries_that_are_refused(index: PassageIndex, text: str) -> None:
    with pytest.raises(QueryRefused):
        index.search(text)


def test_wrong_kind_and_wrong_k_are_refused(index: PassageIndex) -> None:
    with pytest.raises(QueryRefused, match="problem_cause"):
        index.search("资金", filters=Filters(kinds=["cause"]))
    with pytest.raises(QueryRefused, match="at least one"):
        index.search("资金", k=0)


@pytest.mark.parametrize("text", ["雨", "rain", "2080501", "資金", "资金" * 4000])
def test_odd_queries_are_answered(index: PassageIndex, text: str) -> None:
    assert len(index.search(text, k=5)) <= 5


def test_one_character_finds_its_pairs(index: PassageIndex) -> None:
    assert index.search("汛", k=1)[0].passage.text == "受汛期强降雨影响，露天作业天数减少"


def test_pages_are_parts_of_one_ranking(index: PassageIndex) -> None:
    whole = index.search("资金下达较晚", k=8)
    pages = [hit for start in range(0, 8, 3) for hit in index.search("资金下达较晚", k=3, offset=start)]
    assert pages[:8] == list(whole)
    assert whole.admitted == len(STATED) - 2
    assert len(index.search("资金", k=5, offset=500)) == 0
    with pytest.raises(QueryRefused, match="up to hit 1000"):
        index.search("资金", k=10, offset=991)


def test_departments_come_with_their_best_hit(index: PassageIndex) -> None:
    groups = index.search_departments("资金下达较晚，部分支出结转至次年", k=5)
    assert {group.department for group in groups} == {"甲局", "乙县水务局", "丙厅"}
    for group in groups:
        assert group.hit.passage.department == group.department
        alone = index.search("资金下达较晚，部分支出结转至次年", 1, Filters(department=group.department))
        assert alone[0].passage == group.hit.passage
    first, second = groups[:2]
    assert first.hit.score == pytest.approx(second.hit.score)  # they say it in the same words
    assert index.search_departments("资金下达较晚，部分支出结转至次年", k=1, offset=2) == groups[2:]
    others = index.similar_departments("https://example.org/p/2", k=5)
    assert {group.department for group in others} == {"乙县水务局", "丙厅"}


def test_hits_say_why_they_were_found(index: PassageIndex) -> None:
    (hit,) = index.search("资金下达太晚", k=1)
    assert hit.why.found_by == "both"
    assert hit.why.shared == ("资金下达",)
    value = hit.as_dict()
    assert value["passage"]["id"] == hit.passage.id
    assert json.loads(json.dumps(value)) == value


def test_scores_are_read_by_the_models_calibration(index: PassageIndex) -> None:
    answer = index.search("资金下达较晚，部分支出结转至次年", k=8)
    assert answer.threshold is not None
    assert answer[0].similar is True
    assert answer[-1].similar is False
    chances = [hit.probability for hit in answer]
    assert all(chance is not None for chance in chances)
    assert chances == sorted(chances, reverse=True)  # type: ignore[type-var]


def test_a_model_that_was_not_calibrated_tells_no_threshold(tmp_path: Path) -> None:
    index = PassageIndex.build(tmp_path / "index", made(), Backwards(StaticEncoder()))
    answer = index.search("资金下达较晚", k=1)
    assert (answer.threshold, answer[0].similar, answer[0].probability) == (None, None, None)


def test_the_calibration_belongs_to_the_shipped_model() -> None:
    from fiscalgraph.search.calibration import calibration_of

    found = calibration_of(load_encoder())
    assert found is not None, "run python bench/calibration.py"
    assert 0 < found.precision <= 1
    assert found.probability(found.threshold + 1) > found.probability(found.threshold)


def test_traditional_characters_find_the_same(index: PassageIndex) -> None:
    one, other = index.search("資金下達較晚", k=5), index.search("资金下达较晚", k=5)
    assert [(hit.passage, hit.score) for hit in one] == [(hit.passage, hit.score) for hit in other]


def test_a_text_without_known_words_finds_only_shared_ones(index: PassageIndex) -> None:
    assert len(index.search("2080501", k=5)) == 1
    assert len(index.search("99999", k=5)) == 0


def test_same_input_same_files_and_answers(tmp_path: Path) -> None:
    one = PassageIndex.build(tmp_path / "one", made())
    other = PassageIndex.build(tmp_path / "other", reversed(made()))
    assert _files(tmp_path / "one") == _files(tmp_path / "other")
    assert one.search("经费到得晚") == other.search("经费到得晚")


def test_opened_again_it_answers_the_same(index: PassageIndex) -> None:
    assert PassageIndex.open(index.directory).search("设备", k=4) == index.search("设备", k=4)


def test_rebuilding_takes_over_vectors_of_the_same_model_only(tmp_path: Path) -> None:
    model = Backwards(StaticEncoder())
    PassageIndex.build(tmp_path / "index", made(), model)
    assert model.encoded == len(STATED) - 2
    more = Passage("https://example.org/p/new", "problem_cause", "系统不通，数据重复填报", "d")
    PassageIndex.build(tmp_path / "index", [*made(), more], model)
    assert model.encoded == len(STATED) - 1
    rebuilt = PassageIndex.build(tmp_path / "index", [*made(), more])
    assert rebuilt.model["fingerprint"] == load_encoder().fingerprint
    assert rebuilt.search("系统不通，数据重复填报", k=1)[0].similarity == pytest.approx(1.0, abs=1e-5)


def test_vectors_of_another_model_are_refused(tmp_path: Path) -> None:
    other = Backwards(StaticEncoder())
    PassageIndex.build(tmp_path / "index", made(), other)
    with pytest.raises(ModelMismatch, match="made by model"):
        PassageIndex.open(tmp_path / "index", load_encoder())
    with pytest.raises(ModelMismatch):
        PassageIndex.open(tmp_path / "index").search("资金")


def test_a_model_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such folder"):
        load_encoder(str(tmp_path / "none"))


def test_a_damaged_calibration_is_named(tmp_path: Path) -> None:
    from fiscalgraph.search.calibration import calibration_of

    folder = tmp_path / "model"
    shutil.copytree(DEFAULT_MODEL, folder)
    (folder / "calibration.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="Make it again"):
        calibration_of(load_encoder(str(folder)))


def test_damaged_indexes_are_refused(index: PassageIndex, tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="missing"):
        PassageIndex.open(tmp_path)
    copy = tmp_path / "copy"
    shutil.copytree(index.directory, copy)
    (copy / "vectors.npy").write_bytes((copy / "vectors.npy").read_bytes()[:-8])
    with pytest.raises(IndexUnusable, match="vectors"):
        PassageIndex.open(copy)
    manifest = json.loads((index.directory / "manifest.json").read_text(encoding="utf-8"))
    (copy / "manifest.json").write_text(json.dumps({**manifest, "format": 99}), encoding="utf-8")
    with pytest.raises(IndexUnusable, match="format 99"):
        PassageIndex.open(copy)


def test_an_empty_index_answers_nothing(tmp_path: Path) -> None:
    assert not PassageIndex.build(tmp_path / "index", []).search("资金")


def test_a_failed_build_leaves_the_old_index(tmp_path: Path) -> None:
    PassageIndex.build(tmp_path / "index", made())
    before = _files(tmp_path / "index")
    broken = Passage("https://example.org/p/x", "no such kind", "文字", "d")
    with pytest.raises(ValueError, match="no such kind"):
        PassageIndex.build(tmp_path / "index", [broken])
    assert _files(tmp_path / "index") == before
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_tokens_keep_numbers_and_codes() -> None:
    assert tokens("支出1,234.5万元") == ["支", "出", "支出", "1234.5", "万", "元", "万元"]
    assert tokens("GDP增长５％") == ["gdp", "增", "长", "增长", "5%"]
    assert tokens("資金下達") == tokens("资金下达")


def test_rarer_words_count_for_more() -> None:
    words = WordIndex.build(["资金不足", "资金到位", "人员不足", "设备闲置"])
    scores = words.scores("设备不足")
    assert scores[3] > scores[0] == scores[2] > scores[1] == 0
    shares = words.coverage("设备不足")
    assert 1 > shares[3] > shares[0] > shares[1] == 0
    assert words.coverage("人员不足")[2] == pytest.approx(1.0)
    assert words.best("设备不足", 2).tolist() == [3, 0]
    assert words.coverage_of("设备不足", np.array([0, 3])).tolist() == shares[[0, 3]].tolist()


def test_shared_words_are_the_longest_stretches() -> None:
    assert shared_words("资金下达较晚，人手不够", "部分资金下达很晚，人手够") == ("资金下达", "人手")
    assert shared_words("2080501科目", "2080501科目的支出") == ("2080501", "科目")
    assert shared_words("雨", "受汛期强降雨影响") == ("雨",)


def test_ranking_is_deterministic_and_adds_up_both_sides() -> None:
    texts = ["资金不足", "人员不足", "设备闲置", "设备闲置"]
    vectors = np.eye(4, 3, dtype=np.float32)
    vectors[3] = vectors[2]
    ranking = Ranking(WordIndex.build(texts), VectorIndex(vectors), 0.5)
    found = ranking.ranked("设备", np.array([1, 0, 0], dtype=np.float32))
    assert [hit.row for hit in found] == [0, 2, 3, 1]
    # Similarity, half of the share of words, and 0.3 of the nearness to the middle of rows 0, 2 and 3.
    near = 0.3 / 5**0.5
    assert [hit.score for hit in found] == pytest.approx([1 + near, 0.5 + 2 * near, 0.5 + 2 * near, 0.0])
    assert [hit.words_rank for hit in found] == [None, 1, 2, None]
    only = np.array([False, True, False, True])
    assert [hit.row for hit in ranking.ranked("设备", np.zeros(3, dtype=np.float32), only)] == [3]


def test_passages_are_read_from_the_graph() -> None:
    from decimal import Decimal

    from fiscalgraph.extract.records import (
        DisclosureRecords,
        DocumentIdentity,
        Finding,
        NarrativeItem,
        Source,
    )
    from fiscalgraph.graph.mapping import document_quads

    place = Source(quote="（1）人员\n不足。", page=7, line=30)
    records = DisclosureRecords(
        identity=DocumentIdentity(
            "doc",
            "甲市教育局",
            "部门决算",
            2024,
            "万元",
            9,
            "0" * 64,
            "doc.pdf",
            "pdf",
            Source(quote="", page=1),
        ),
        findings=(
            Finding(None, "校舍“改造”", "problem_cause", "人员不足", 1, place),
            Finding(None, None, "improvement_measure", "加强招聘", None, Source(quote="加强招聘")),
        ),
        narrative=(
            NarrativeItem(
                "教育支出",
                None,
                "小学教育",
                "1.5",
                "万元",
                Decimal(15000),
                None,
                None,
                "人员增加",
                Source(quote="主要原因是人员增加", page=8),
            ),
        ),
    )
    store = ox.Store()
    store.extend(document_quads(records))
    found = passages(store)
    assert [(p.kind, p.text, p.page, p.line) for p in found] == [
        ("improvement_measure", "加强招聘", None, None),
        ("problem_cause", "人员不足", 7, 30),
        ("narrative_reason", "人员增加", 8, None),
    ]
    first = found[1]
    assert (first.document, first.department, first.project) == ("doc", "甲市教育局", "校舍“改造”")
    assert (first.fiscal_year, first.quote) == (2024, place.quote)
    assert len({p.iri for p in found}) == 3


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
