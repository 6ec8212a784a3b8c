"""Hostile CSV and other delimited texts."""

from typing import Final

from hostile.record import HostileFile, content

TABLE: Final = "id,内容,时间,评分\n1,一打开就闪退,2026-03-01 14:05,1\n2,物流很快,2026-03-02,5\n"
"""Two good reviews."""
LONG: Final = "很好用" * 7_000_000  # 21 million characters, 63 MB


def mixed_encodings() -> bytes:
    lines = [
        f"{n},客服态度很好第{n}次".encode("gbk" if n % 10 == 0 else "utf-8") for n in range(1, 101)
    ]
    return "id,内容\n".encode() + b"\n".join(lines) + b"\n"


def third_broken() -> str:
    lines = [f'{n},"坏的' if n % 10 < 3 else f"{n},物流很慢" for n in range(1, 1001)]
    return "id,内容\n" + "\n".join(lines) + "\n"


def million_columns() -> str:
    return "内容" + ",列" * 1_000_000 + "\n好\n"


def million_cells() -> str:
    return "id,内容\n1,好用\n2,慢" + ",多" * 1_000_000 + "\n3,不错\n"


EMPTY: Final = (
    HostileFile("empty file", "empty.csv", content(b""), error="文件是空的"),
    HostileFile("byte order mark only", "bom.csv", content(b"\xef\xbb\xbf"), error="没有表头"),
    HostileFile("UTF-16 mark only", "bom16.csv", content(b"\xff\xfe"), error="没有表头"),
    HostileFile("blank lines only", "blank.csv", content("\n\r\n\n"), error="没有表头"),
    HostileFile("spaces only", "spaces.csv", content("   \n  \n"), error="没有表头"),
    HostileFile("commas only", "commas.csv", content(",,,\n,,\n"), error="没有表头"),
    HostileFile("header only", "header.csv", content("id,内容\n")),
    HostileFile("header without line end", "header2.csv", content("id,内容")),
    HostileFile("one NUL byte", "nul.csv", content(b"\0"), error="NUL"),
    HostileFile("zeros", "zeros.csv", content(bytes(100_000)), error="zeros.csv: "),
)
ENCODINGS: Final = (
    HostileFile("GB18030", "gb.csv", content(TABLE.encode("gb18030")), good=2, said="GB18030"),
    HostileFile(
        "GB18030 of four bytes",
        "gb4.csv",
        content("id,内容\n1,㐀𠀀很好用\n2,😀喜欢\n".encode("gb18030")),
        good=2,
    ),
    HostileFile(
        "GBK with a broken tail byte",
        "gbk-tail.csv",
        content(
            "id,内容\n1,物流很慢\n2,客服不错".encode("gbk") + b"\xc4\n" + "3,好用\n".encode("gbk")
        ),
        good=2,
        rejected=1,
        said="不是合法的 gb18030 文字（C4）",
    ),
    HostileFile("UTF-8 mark", "u8.csv", content(TABLE.encode("utf-8-sig")), good=2),
    HostileFile("UTF-16 with mark", "u16.csv", content(TABLE.encode("utf-16")), good=2),
    HostileFile("UTF-16 LE without mark", "le.csv", content(TABLE.encode("utf-16-le")), good=2),
    HostileFile("UTF-16 BE without mark", "be.csv", content(TABLE.encode("utf-16-be")), good=2),
    HostileFile("UTF-32 with mark", "u32.csv", content(TABLE.encode("utf-32")), good=2),
    HostileFile(
        "UTF-16 cut in the middle of a character",
        "u16cut.csv",
        content((TABLE + "3,不错").encode("utf-16")[:-1]),
        good=2,
        rejected=1,
        said="utf-16-le",
    ),
    HostileFile(
        "UTF-16 with a lone surrogate",
        "u16lone.csv",
        content(
            b"\xff\xfe" + (TABLE + "3,不错\ud83d,,\n4,好,,\n").encode("utf-16-le", "surrogatepass")
        ),
        good=3,
        rejected=1,
        said="utf-16-le",
    ),
    HostileFile(
        "UTF-8 mark before a GBK file",
        "bom-gbk.csv",
        content(b"\xef\xbb\xbf" + b"id,text\n1,fine\n2," + "很慢".encode("gbk") + b"\n"),
        good=1,
        rejected=1,
    ),
    HostileFile(
        "a tenth of the lines in GBK",
        "mixed.csv",
        content(mixed_encodings),
        good=90,
        rejected=10,
        said="不是合法的 utf-8 文字",
    ),
    HostileFile(
        "UTF-8 with one broken byte",
        "broken8.csv",
        content(TABLE.encode() + b"3,abc\xff,,\n4," + "好用\n".encode()),
        good=3,
        rejected=1,
        said="（FF）",
    ),
    HostileFile(
        "lone surrogates as UTF-8 bytes",
        "cesu.csv",
        content(TABLE.encode() + b"3,abc\xed\xa0\xbd,,\n4," + "好用\n".encode()),
        good=3,
        rejected=1,
    ),
    HostileFile(
        "overlong UTF-8 and bytes beyond Unicode",
        "overlong.csv",
        content(TABLE.encode() + b"3,\xc0\xaf\xf5\x80\x80\x80,,\n"),
        good=2,
        rejected=1,
    ),
    HostileFile(
        "Big5 without being told",
        "big5.csv",
        content("編號,內容\n1,這個產品品質很好，會再回購\n2,螢幕碎了\n".encode("big5")),
        good=2,
        said="按 Big5 读取",
    ),
    HostileFile(
        "random bytes",
        "noise.csv",
        content(bytes((n * n * 31 + n * 7) % 251 for n in range(9000))),
        error="noise.csv: ",
    ),
)
QUOTES: Final = (
    HostileFile("30 % broken lines", "third.csv", content(third_broken), good=700, rejected=300),
    HostileFile(
        "quotes never closed",
        "open.csv",
        content('id,内容\n1,"没有结束\n2,好\n3,慢\n'),
        good=2,
        rejected=1,
    ),
    HostileFile(
        "quote closed on a later line",
        "late.csv",
        content('id,内容\n1,"坏\n2,好\n3,"引用"了\n4,慢\n'),
        good=2,
        rejected=2,
    ),
    HostileFile(
        "ten thousand open quotes",
        "quotes.csv",
        content("id,内容\n" + '1,"坏\n' * 10_000),
        rejected=10_000,
    ),
    HostileFile(
        "quoted line ends", "ends.csv", content('id,内容\n1,"一\n二\r\n三"\n2,好\n'), good=2
    ),
    HostileFile(
        "header with an open quote",
        "qhead.csv",
        content('"id,内容\n1,好\n'),
        error="表头引号不成对",
    ),
    HostileFile(
        "backslash escapes",
        "backslash.csv",
        content('id,内容\n1,"他说\\"好\\""\n2,好\n'),
        good=1,
        rejected=1,
    ),
    HostileFile(
        "commas not quoted",
        "long.csv",
        content("id,内容\n1,好,很好\n2,慢\n"),
        good=1,
        rejected=1,
        said="有 3 列",
    ),
    HostileFile("rows too short", "short.csv", content("内容,id,时间\n好\n慢,2\n"), good=2),
    HostileFile(
        "one column full of commas", "one.csv", content("内容\n好,很好,不错\n慢\n"), good=2
    ),
)
SIZES: Final = (
    HostileFile(
        "a line of 21 million characters",
        "huge.csv",
        content(lambda: f"id,内容\n1,好\n2,{LONG}\n3,慢\n"),
        good=2,
        rejected=1,
        said="一行超过",
    ),
    HostileFile(
        "a cell of two million characters",
        "cell.csv",
        content(lambda: f"id,内容\n1,好\n2,{'长' * 2_000_000}\n3,慢\n"),
        good=2,
        rejected=1,
        said="1,000,000",
    ),
    HostileFile(
        "21 million characters behind an open quote",
        "hugeq.csv",
        content(lambda: f'id,内容\n1,好\n2,"{LONG}\n3,慢\n'),
        good=2,
        rejected=1,
    ),
    HostileFile("a million columns", "columns.csv", content(million_columns), error="1,000,001 列"),
    HostileFile(
        "a million cells in a row", "cells.csv", content(million_cells), good=2, rejected=1
    ),
    HostileFile(
        "one line without end, no header",
        "endless.csv",
        content(lambda: "a" * 21_000_000),
        error="endless.csv: ",
    ),
)
SIGNS: Final = (
    HostileFile(
        "NUL in one line",
        "nul1.csv",
        content("id,内容\n1,坏\0字\n2,好\n"),
        good=1,
        rejected=1,
        said="NUL",
    ),
    HostileFile("NUL in the header", "nulh.csv", content("id,内\0容\n1,好\n"), error="NUL"),
    HostileFile(
        "formula injection",
        "formula.csv",
        content('id,内容\n1,"=cmd|\' /C calc\'!A0"\n2,@SUM(1+1)\n3,+1\n4,-1+1\n5,"\t=1"\n'),
        good=5,
    ),
    HostileFile(
        "HTML and script",
        "script.csv",
        content('id,内容\n1,<script>alert(1)</script>\n2,"<img src=x onerror=""a()"">"\n3,</h1>\n'),
        good=3,
    ),
    HostileFile(
        "SQL and template injection",
        "sql.csv",
        content("id,内容\n1,'; DROP TABLE review;--\n2,{{7*7}}${7*7}\n3,%s%n%x\n"),
        good=3,
    ),
    HostileFile(
        "bidirectional and zero-width signs",
        "bidi.csv",
        content("id,内容\n1,很\u202e好\u200b用\n2,\u2066慢\u2069\n"),
        good=2,
    ),
    HostileFile(
        "terminal escapes", "ansi.csv", content("id,内容\n1,\x1b[31m红\x1b[0m\n2,好\n"), good=2
    ),
    HostileFile(
        "noncharacters and private use",
        "nonchar.csv",
        content("id,内容\n1,好\ufdd0\uffff\ue000\n2,慢\n"),
        good=2,
    ),
    HostileFile(
        "combining marks by the thousand",
        "zalgo.csv",
        content("id,内容\n1,好" + "\u0301" * 5000 + "\n"),
        good=1,
    ),
    HostileFile(
        "Unicode line separators in cells",
        "ls.csv",
        content("id,内容\n1,一\u2028二\u2029三\x85四\n2,慢\n"),
        good=2,
    ),
)
HEADERS: Final = (
    HostileFile("duplicate headers", "dup.csv", content("id,内容,内容,id\n1,好,更好,9\n"), good=1),
    HostileFile("blank headers", "noname.csv", content("id,内容,,\n1,好,a,b\n"), good=1),
    HostileFile(
        "headers in full width with remarks",
        "wide.csv",
        content("ＩＤ,*评论内容（必填）\n1,好\n2,慢\n"),
        good=2,
    ),
    HostileFile(
        "titles above the header",
        "title.csv",
        content("店铺：测试旗舰店\n导出时间：2026-03-01\n\nid,内容,评分\n1,好,5\n2,慢,1\n"),
        good=2,
        said="表头之前的 2 行",
    ),
    HostileFile(
        "titles padded with commas",
        "title2.csv",
        content("店铺：测试旗舰店,,\n,,\nid,内容,评分\n1,好,5\n"),
        good=1,
        said="表头之前的 1 行",
    ),
    HostileFile(
        "the header again in the middle",
        "again.csv",
        content("id,内容\n1,好\nid,内容\n2,慢\n"),
        good=2,
        rejected=1,
        said="重复了表头",
    ),
    HostileFile(
        "header of another language", "unknown.csv", content("a,b\n1,2\n"), error="找不到正文列"
    ),
    HostileFile(
        "header with broken bytes",
        "badhead.csv",
        content("id,内容,".encode() + b"\xff\n" + "1,很好用,x\n".encode()),
        good=1,
        said="表头有字节",
    ),
)
DELIMITERS: Final = (
    HostileFile("semicolons", "semicolon.csv", content(TABLE.replace(",", ";")), good=2),
    HostileFile("tabs", "tab.csv", content(TABLE.replace(",", "\t")), good=2),
    HostileFile("bars", "bar.csv", content(TABLE.replace(",", "|")), good=2),
    HostileFile("Chinese commas", "comma.csv", content(TABLE.replace(",", "，")), good=2),
    HostileFile("Chinese semicolons", "wide.txt", content(TABLE.replace(",", "；")), good=2),
    HostileFile("Excel's sep= line", "sep.csv", content("sep=;\nid;内容\n1;好,很好\n"), good=1),
    HostileFile(
        "tabs in a .csv full of commas",
        "tabs.csv",
        content("id\t内容\n1\t好,很好,不错\n2\t慢,太慢\n"),
        good=2,
    ),
    HostileFile("CR-only line ends", "cr.csv", content(TABLE.replace("\n", "\r")), good=2),
    HostileFile("mixed line ends", "crlf.csv", content("id,内容\r\n1,好\r2,慢\n3,贵\r\n"), good=3),
)
TEXTS: Final = (*EMPTY, *ENCODINGS, *QUOTES, *SIZES, *SIGNS, *HEADERS, *DELIMITERS)
