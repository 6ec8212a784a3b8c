"""Hostile JSON Lines and JSON files."""

from typing import Final

from hostile.record import HostileFile, content

GOOD: Final = '{"id": 1, "内容": "一打开就闪退"}\n'
OTHER: Final = '{"id": 2, "内容": "物流很快"}\n'

JSON_TEXTS: Final = (
    HostileFile(
        "JSON Lines with a byte order mark", "bom.jsonl", content("\ufeff" + GOOD + OTHER), good=2
    ),
    HostileFile(
        "JSON Lines in GB18030", "gb.jsonl", content((GOOD + OTHER).encode("gb18030")), good=2
    ),
    HostileFile(
        "lines that are lists, numbers and text",
        "kinds.jsonl",
        content(GOOD + '[1]\n5\n"甲"\nnull\n' + OTHER),
        good=2,
        rejected=4,
        said="应为 JSON 对象",
    ),
    HostileFile(
        "lists first",
        "lists.jsonl",
        content('[1, 2]\n{"id": 3, "内容": "好"}\n'),
        good=1,
        rejected=1,
    ),
    HostileFile(
        "NaN and Infinity",
        "nan.jsonl",
        content('{"内容": "好", "评分": NaN}\n{"内容": "慢", "备注": Infinity}\n'),
        good=2,
    ),
    HostileFile(
        "a key twice with different values",
        "twice.jsonl",
        content(GOOD + '{"内容": "好", "内容": "坏"}\n{"内容": "贵", "内容": "贵"}\n'),
        good=2,
        rejected=1,
        said="键“内容”出现两次",
    ),
    HostileFile(
        "nested 200,000 deep",
        "deep.jsonl",
        content(lambda: GOOD + '{"内容": ' + "[" * 200_000 + "\n" + OTHER),
        good=2,
        rejected=1,
        said="嵌套过深",
    ),
    HostileFile(
        "a number of 5,000 digits",
        "digits.jsonl",
        content('{"内容": ' + "9" * 5000 + "}\n" + OTHER),
        good=1,
        rejected=1,
        said="数字过长",
    ),
    HostileFile(
        "a number beyond any float", "exp.jsonl", content('{"内容": "好", "备注": 1e999}\n'), good=1
    ),
    HostileFile(
        "half an emoji as an escape",
        "lone.jsonl",
        content(r'{"内容": "好\ud83d"}' + "\n" + OTHER),
        good=1,
        rejected=1,
        said="代理字符",
    ),
    HostileFile(
        "NUL as an escape",
        "nul.jsonl",
        content(r'{"内容": "\u0000"}' + "\n" + OTHER),
        good=1,
        rejected=1,
        said="NUL",
    ),
    HostileFile("last line cut off", "cut.jsonl", content(GOOD + OTHER[:12]), good=1, rejected=1),
    HostileFile(
        "single quotes and trailing commas",
        "python.jsonl",
        content("{'内容': '好'}\n{\"内容\": \"好\",}\n" + GOOD),
        good=1,
        rejected=2,
    ),
    HostileFile(
        "one line of 21 million characters",
        "huge.jsonl",
        content(lambda: GOOD + '{"内容": "' + "长" * 21_000_000 + '"}\n' + OTHER),
        good=2,
        rejected=1,
        said="一行超过",
    ),
    HostileFile(
        "CSV saved as .jsonl", "csv.jsonl", content("id,内容\n1,好\n"), good=1, said="按 CSV 读取"
    ),
    HostileFile(
        "JSON Lines saved as .csv", "jsonl.csv", content(GOOD + OTHER), good=2, said="内容是 JSON"
    ),
    HostileFile(
        "array of objects",
        "array.json",
        content('[\n {"内容": "好"},\n {"内容": "慢"}\n]\n'),
        good=2,
        said="JSON 数组",
    ),
    HostileFile(
        "array on one line as .jsonl",
        "array.jsonl",
        content('[{"内容": "好"}, {"内容": "慢"}]'),
        good=2,
    ),
    HostileFile(
        "array cut off",
        "cut.json",
        content('[{"内容": "好"}, {"内容": "慢"}, {"内容": "'),
        good=2,
        rejected=1,
        said="从这里起都没有读",
    ),
    HostileFile(
        "array without an end",
        "noend.json",
        content('[{"内容": "好"}, {"内容": "慢"}'),
        good=2,
        rejected=1,
        said="数组没有结束",
    ),
    HostileFile(
        "two arrays",
        "two.json",
        content('[{"内容": "好"}]\n[{"内容": "慢"}]'),
        good=1,
        rejected=1,
        said="后面还有内容",
    ),
    HostileFile(
        "array with other values",
        "mixed.json",
        content('[{"内容": "好"}, 5, null, "甲"]'),
        good=1,
        rejected=3,
    ),
    HostileFile("empty array", "none.json", content("[]")),
    HostileFile(
        "one object over several lines",
        "object.json",
        content('{\n"data": [{"内容": "好"}]\n}'),
        error="应为对象数组",
    ),
    HostileFile("a word as .json", "word.json", content("hello"), error="应为对象数组"),
    HostileFile("array nested 100,000 deep", "deep.json", content("[" * 100_000), rejected=1),
)
