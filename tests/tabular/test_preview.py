from pathlib import Path

from feedback_nlp.tabular.preview import preview
from feedback_nlp.tabular.sheets import ReadOptions, Row


def test_preview_tells_what_was_guessed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("店铺：甲\n单号;吐槽;心情\n1;好;晴\n2;慢\n3;贵;阴;多\n".encode("gbk"))
    given = {"吐槽": "text", "单号": "external_id"}
    (found,) = preview(path, given=given, rows=1, scan=3)
    assert (found.encoding, found.delimiter) == ("gb18030", ";")
    assert found.header == ("单号", "吐槽", "心情")
    assert found.columns == (("text", "吐槽"), ("external_id", "单号"))
    assert found.unmatched == ("心情",)
    assert found.rows == (Row(3, {"单号": "1", "吐槽": "好", "心情": "晴"}),)
    assert (found.scanned, found.readable, len(found.rejected)) == (3, 2, 1)
    assert any("店铺：甲" in note for note in found.notes)


def test_preview_of_json_lines_collects_the_keys(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"内容": "好"}\n{"id": 1, "内容": "慢"}\n', encoding="utf-8")
    (found,) = preview(path, options=ReadOptions(encoding="utf-8"))
    assert found.header == ("内容", "id")
    assert (found.scanned, found.readable) == (2, 2)
