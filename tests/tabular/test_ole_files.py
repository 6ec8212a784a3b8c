import struct

import pytest
from hostile.workbooks import saved_old

from feedback_nlp.errors import InputError
from feedback_nlp.tabular.ole_files import check_ole, follow

WHOLE = saved_old()


def patched(place: int, number: int) -> bytes:
    return WHOLE[:place] + struct.pack("<I", number) + WHOLE[place + 4 :]


def test_good_container_is_padded_to_whole_sectors() -> None:
    assert check_ole(WHOLE, "a.xls") == WHOLE
    assert len(check_ole(WHOLE + b"x", "a.xls")) % 512 == 0


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(WHOLE[:20], id="cut in the header"),
        pytest.param(WHOLE[:1000], id="cut in a sector"),
        pytest.param(patched(30, 3), id="sectors of eight bytes"),
        pytest.param(patched(44, 7), id="more tables than listed"),
        pytest.param(patched(48, 99_999), id="directory outside of the file"),
        pytest.param(patched(60, 99_999), id="small sectors outside of the file"),
        pytest.param(patched(68, 0), id="a list of tables that lists itself"),
        pytest.param(patched(76, 99_999), id="table outside of the file"),
    ],
)
def test_damaged_container_is_an_input_error(data: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.xls: Excel 文件损坏或不完整.*重新保存"):
        check_ole(data, "a.xls")


def test_container_of_an_encrypted_workbook_is_refused() -> None:
    with pytest.raises(InputError, match="有密码"):
        check_ole(WHOLE + "EncryptedPackage".encode("utf-16-le"), "a.xls")


def test_stream_longer_than_its_chain_is_refused() -> None:
    place = WHOLE.index("Workbook".encode("utf-16-le"))
    with pytest.raises(InputError, match="损坏"):
        check_ole(patched(place + 120, 1 << 24), "a.xls")
    with pytest.raises(InputError, match="损坏"):
        check_ole(patched(place + 120, 100), "a.xls")  # Then it would stand in small sectors.


def test_chain_that_never_ends_is_noticed() -> None:
    assert follow(0, (1, 2, 0xFFFFFFFE)) == [0, 1, 2]
    with pytest.raises(IndexError):
        follow(0, (1, 0))
