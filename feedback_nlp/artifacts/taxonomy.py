"""Reads the taxonomy, the fixed and versioned label set of topics."""

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from feedback_nlp.artifacts.faults import explain
from feedback_nlp.artifacts.folders import models_dir
from feedback_nlp.errors import ArtefactError
from feedback_nlp.records import Taxonomy, Topic

_Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
_Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Child(_Strict):
    name: _Text
    hint: str
    lane: Literal["weekly", "monthly", "quarterly", "yearly", "emergency"]
    effort_weeks: Annotated[float, Field(gt=0, le=520)]
    department: _Text | None = None


class _Group(_Strict):
    name: _Text
    department: _Text
    children: Annotated[dict[_Key, _Child], Field(min_length=1)]


class _File(_Strict):
    version: Annotated[str, Field(coerce_numbers_to_str=True)]
    topics: Annotated[dict[_Key, _Group], Field(min_length=1)]


def load_taxonomy(path: Path | None = None) -> Taxonomy:
    """Read a taxonomy file; without `path` the newest dated one of `models/taxonomy/`.

    Raises:
        ArtefactError: when the file is missing or is not a taxonomy; the message names it.
    """
    path = _newest() if path is None else path
    if not path.is_file():
        raise ArtefactError(f"{path}: 没有这个类别表文件；请指定一个已有的 YAML 文件")
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_PlainLoader)  # noqa: S506
        found = _File.model_validate(content)
    except UnicodeDecodeError as error:
        raise ArtefactError(f"{path}: 不是 UTF-8 编码；请另存为 UTF-8") from error
    except yaml.YAMLError as error:
        raise ArtefactError(f"{path}: {_place(error)}不是 YAML；请改正文件") from error
    except ValidationError as error:
        raise ArtefactError(f"{path}: 不是类别表：{explain(error)}；请改正文件") from error
    return Taxonomy(
        version=found.version,
        topics=tuple(
            _topic(key, group=group_key, of=group, child=child)
            for group_key, group in found.topics.items()
            for key, child in group.children.items()
        ),
    )


class _PlainLoader(yaml.SafeLoader):
    """A safe loader that leaves dates as text: a version is a name, not a day."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _place(error: yaml.YAMLError) -> str:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    return f"第 {mark.line + 1} 行" if mark else ""


def _topic(key: str, *, group: str, of: _Group, child: _Child) -> Topic:
    return Topic(
        code=f"{group}.{key}",
        name=child.name,
        hint=child.hint,
        group=group,
        group_name=of.name,
        department=child.department or of.department,
        lane=child.lane,
        effort_weeks=child.effort_weeks,
    )


def _newest() -> Path:
    folder = models_dir() / "taxonomy"
    files = sorted(folder.glob("????-??-??.yaml"))
    if not files:
        raise ArtefactError(f"{folder}: 没有按日期命名的类别表；请重新安装 feedback-nlp")
    return files[-1]
