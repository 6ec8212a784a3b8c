"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Files = Annotated[
    list[Path],
    typer.Argument(help="文件：.csv、.xlsx、.xls 或 .jsonl，可压缩为 .gz 或 .zip"),
]
File = Annotated[
    Path, typer.Argument(help="文件：.csv、.xlsx、.xls 或 .jsonl，可压缩为 .gz 或 .zip")
]
Input = Annotated[Path, typer.Argument(help="文件；- 为标准输入")]
Out = Annotated[Path, typer.Option(help="输出文件夹，没有就新建")]
Database = Annotated[
    str | None, typer.Option("--db", help="数据库地址；不写则用 FEEDBACK_DATABASE_URL")
]
Model = Annotated[str | None, typer.Option(help="模型名或文件夹；不写则用 FEEDBACK_MODEL")]
Workspace = Annotated[str | None, typer.Option(help="工作区；不写则用 FEEDBACK_WORKSPACE")]
Channel = Annotated[str | None, typer.Option(help="文件里没有渠道列时用的渠道名")]
Format = Annotated[
    str, typer.Option("--format", help="导出文件的格式，如 table、app_store、support")
]
Maps = Annotated[
    list[str] | None, typer.Option("--map", help="列名=字段，可写多次，如 --map 吐槽内容=text")
]
SheetName = Annotated[str | None, typer.Option("--sheet", help="只读这个工作表")]
Encoding = Annotated[str | None, typer.Option(help="文件编码；不写则自动识别")]
Delimiter = Annotated[str | None, typer.Option(help="CSV 分隔符；不写则自动识别")]
By = Annotated[str, typer.Option(help="操作人，记入记录")]
Operator = Annotated[str, typer.Option("--by", help="操作人，记入审计记录")]
RoleName = Annotated[str, typer.Option("--role", help="角色：viewer、analyst、manager 或 admin")]
Reason = Annotated[str, typer.Option(help="原因，记入记录；不要写个人信息")]
ThemeId = Annotated[str, typer.Argument(help="主题编号，如 T-0001")]
