from pathlib import Path

import pytest

from feedback_nlp.artifacts import load_taxonomy
from feedback_nlp.errors import ArtefactError

GOOD = """
version: 2026-01-01
topics:
  food:
    name: 食品
    department: 品控
    children:
      taste: {name: 口味, hint: 好吃难吃, lane: monthly, effort_weeks: 2}
      hygiene: {name: 卫生, hint: 异物, lane: emergency, effort_weeks: 1, department: 食安}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "taxonomy.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_newest_packaged_taxonomy_is_the_default() -> None:
    taxonomy = load_taxonomy()
    assert taxonomy.version == "2026-11-21"
    assert len(taxonomy.topics) == 51
    assert taxonomy.topic("performance.crash").department == "研发"


def test_a_taxonomy_keeps_the_order_of_its_file(tmp_path: Path) -> None:
    taxonomy = load_taxonomy(written(tmp_path, GOOD))
    assert taxonomy.version == "2026-01-01"
    assert [topic.code for topic in taxonomy.topics] == ["food.taste", "food.hygiene"]
    assert taxonomy.topic("food.taste").group_name == "食品"


def test_a_topic_may_have_a_department_of_its_own(tmp_path: Path) -> None:
    taxonomy = load_taxonomy(written(tmp_path, GOOD))
    assert [topic.department for topic in taxonomy.topics] == ["品控", "食安"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("version: [", "第 1 行不是 YAML", id="not YAML"),
        pytest.param("version: \x00", "不是 YAML", id="NUL"),
        pytest.param("- a", "结构不对", id="not a mapping"),
        pytest.param(
            GOOD.replace("monthly", "hourly"),
            "topics.food.children.taste.lane 不能是“hourly”",
            id="unknown lane",
        ),
        pytest.param(
            GOOD.replace("effort_weeks: 2", "effort_weeks: 0"),
            "taste.effort_weeks 不能是“0”",
            id="no effort",
        ),
        pytest.param(
            GOOD.replace("hint: 好吃难吃", "hints: 好吃难吃"),
            "缺少 topics.food.children.taste.hint；不应有 topics.food.children.taste.hints",
            id="misspelt key",
        ),
        pytest.param(
            GOOD.replace("taste:", "Taste Good:"), "不能是“Taste Good”", id="code with a space"
        ),
        pytest.param("version: 1\ntopics: {}", "topics 的内容不对", id="no topics"),
        pytest.param("!!python/object/apply:os.getcwd []", "第 1 行", id="a Python object"),
    ],
)
def test_a_wrong_taxonomy_is_named(text: str, words: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ArtefactError) as caught:
        load_taxonomy(path)
    assert str(path) in str(caught.value)
    assert words in str(caught.value)


def test_a_taxonomy_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.yaml"
    path.write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(ArtefactError, match="不是 UTF-8"):
        load_taxonomy(path)


def test_a_missing_taxonomy_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="没有这个类别表文件"):
        load_taxonomy(tmp_path / "none.yaml")
