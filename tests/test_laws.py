"""Cited laws, regulations, notices and plans."""

from __future__ import annotations

import pytest

from fiscalgraph.extract.document import Cell, Document, Paragraph, Place, Run, Table
from fiscalgraph.extract.recognise.laws import recognise_laws
from fiscalgraph.extract.records import Law


def read(*blocks: str | Table) -> tuple[Law, ...]:
    made = [
        Paragraph((Run(block, Place(line=n)),)) if isinstance(block, str) else block
        for n, block in enumerate(blocks, 1)
    ]
    return recognise_laws(Document("d", "d.txt", "0", "text", tuple(made)))


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("河道采砂法", "law"),
        ("水库管理条例", "regulation"),
        ("补助资金管理办法（试行）", "regulation"),
        ("关于做好防汛工作的通知", "notice"),
        ("节水三年行动计划(2021-2023)", "plan"),
        ("关于加强灌区管护的指导意见", "other"),
        ("灌溉工程技术规范", "other"),
    ],
)
def test_the_last_word_tells_the_kind(title: str, kind: str) -> None:
    (law,) = read(f"根据《{title}》开展工作。")
    assert (law.title, law.kind, law.mentions) == (title, kind, 1)


@pytest.mark.parametrize(
    "title", ["水利月刊", "节水读本", "优秀案例汇编", "采购合同", "年度报告", "灌溉方法"]
)
def test_books_contracts_and_reports_are_no_laws(title: str) -> None:
    assert read(f"编印《{title}》。") == ()


def test_the_document_number_follows_in_brackets() -> None:
    (law,) = read("按照《关于印发节水办法的通知》（云水发〔2021〕15 号，以下简称通知）执行。")
    assert law.document_number == "云水发〔2021〕15号"


def test_the_document_number_may_stand_before_or_without_brackets() -> None:
    (before,) = read("按照云水发〔2021〕15号《节水办法》执行。")
    (bare,) = read("按照《节水办法》云水发﹝2021﹞15号执行。")
    assert before.document_number == "云水发〔2021〕15号"
    assert bare.document_number == "云水发﹝2021﹞15号"


def test_a_title_inside_a_title_is_part_of_it() -> None:
    (law,) = read("执行《厅办公室转发〈关于加强管护的意见〉的通知》。")
    assert law.title == "厅办公室转发〈关于加强管护的意见〉的通知"


def test_a_title_with_and_without_its_issuer_is_one_text() -> None:
    (law,) = read(
        "贯彻《云泽省人民政府关于加强供水的意见》。",
        "贯彻《关于加强供水的意见》（云政发〔2020〕3号）。",
    )
    assert (law.mentions, law.document_number) == (2, "云政发〔2020〕3号")
    assert law.title == "云泽省人民政府关于加强供水的意见"


def test_table_cells_are_searched_and_counted() -> None:
    table = Table((Cell("依据《水库管\n理条例》拨付", 0, 0, place=Place(line=9)),))
    (law,) = read("依据《水库管理条例》。", table)
    assert law.mentions == 2
    (only,) = read(table)
    assert (only.title, only.source.line) == ("水库管理条例", 9)


def test_a_title_broken_over_lines_is_whole() -> None:
    (law,) = read("为落实《农村饮水工程", "管理办法》的要求。")
    assert law.title == "农村饮水工程管理办法"
    assert law.source.line == 1


def test_an_unclosed_bracket_does_not_swallow_the_text() -> None:
    (law,) = read("见《未闭合的书名" + "，说明" * 60 + "《水库管理条例》。")
    assert law.title == "水库管理条例"


def test_a_numbered_document_of_another_kind() -> None:
    (minutes,) = read("根据《关于灌区改制有关问题的会议纪要》（云府阅〔2015〕12号）立项，见《灌区年报》。")
    assert (minutes.kind, minutes.document_number) == ("other", "云府阅〔2015〕12号")


def test_the_number_of_the_notice_that_issues_a_text() -> None:
    (law,) = read("按照市水务局关于印发《节水资金管理办法》的通知（云水发〔2021〕15号）执行。")
    assert (law.title, law.document_number) == ("节水资金管理办法", "云水发〔2021〕15号")


def test_articles_behind_the_title_are_kept_with_all_mentions() -> None:
    first = "依据《云泽省河道条例》（2019年修订）第八条第二款和第十二条。"
    (law,) = read(first, "按照《云泽省河道条例》第十二条、第（三）条之外的规定。", "执行《云泽省河道条例》。")
    assert law.articles == ("第八条第二款", "第十二条")
    assert law.mentions == 3


def test_an_article_before_a_title_or_of_no_title_is_not_its() -> None:
    (law,) = read("合同第三条和《云泽省河道条例》规定的第四条。")
    assert law.articles == ()


def test_a_kind_of_text_alone_names_none() -> None:
    (law,) = read("根据《云泽省水库管理办法》和《实施细则》，按《指南》要求办理。")
    assert law.title == "云泽省水库管理办法"
