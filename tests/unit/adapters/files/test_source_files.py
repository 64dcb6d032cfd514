"""Python files of somebody's program, in whatever state they are."""

import os
from pathlib import Path

import pytest

from tradeworthy.adapters.files.source_files import MOST_FILES, read_sources
from tradeworthy.core.errors import InputError


def test_a_folder_is_read_with_the_folders_in_it_and_what_is_passed_over_is_said(tmp_path: Path) -> None:
    for name in ("a.py", "in/b.py", "in/deeper/c.py", ".hidden/d.py", "tests/e.py", "venv/f.py", "note.txt", "g.mq5"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("X = 1")
    found = read_sources(tmp_path)
    assert [one.file for one in found.sources] == ["a.py", "in/b.py", "in/deeper/c.py"]
    assert found.notes() == [
        "2 files passed over, because only .py files are read: g.mq5, note.txt",
        "3 folders passed over (hidden, tests, environments): .hidden, tests, venv",
    ]


def test_encodings_and_byte_order_marks_are_those_that_python_knows(tmp_path: Path) -> None:
    (tmp_path / "bom.py").write_bytes(b"\xef\xbb\xbfX = 1\r\n")
    (tmp_path / "latin.py").write_bytes(b"# -*- coding: latin-1 -*-\nX = '\xe9'\n")
    assert ["é" in one.text for one in read_sources(tmp_path).sources] == [False, True]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"X = '\xe9'", "is not UTF-8"),
        (b"# -*- coding: nonsense -*-\n", "not in an encoding that Python knows"),
        (b"\xff\xfeX", "is not UTF-8"),
        (b"#" * 2_000_001, "2.0 MB"),
    ],
)
def test_a_file_that_cannot_be_decoded_is_said_and_the_rest_is_read(data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_bytes(data)
    (tmp_path / "good.py").write_text("X = 1")
    found = read_sources(tmp_path)
    assert [one.file for one in found.sources] == ["good.py"]
    assert len(found.problems) == 1
    assert found.problems[0].startswith("bad.py: ")
    assert said in found.problems[0]
    with pytest.raises(InputError, match=said):
        read_sources(tmp_path / "bad.py")


def test_links_in_a_loop_and_things_that_are_no_files_end(tmp_path: Path) -> None:
    (tmp_path / "self.py").symlink_to("self.py")
    (tmp_path / "gone.py").symlink_to("nowhere.py")
    (tmp_path / "again").symlink_to(".")
    os.mkfifo(tmp_path / "pipe.py")
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "far.py").write_text("X = 1")
    (tmp_path / "linked").symlink_to(outside)
    found = read_sources(tmp_path)
    assert [one.file for one in found.sources] == ["linked/far.py"]
    assert sorted(found.problems) == [
        "again: a link back to a folder that was read already; passed over",
        "gone.py: the file cannot be opened (it is a link that leads nowhere)",
        "pipe.py: this is no ordinary file, so it was not read",
        "self.py: the file cannot be opened (it is a link that leads to itself)",
    ]


def test_a_path_that_is_not_there_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file or folder"):
        read_sources(tmp_path / "none")
    (tmp_path / "a.mq5").write_text("x")
    with pytest.raises(InputError, match=r"\.py, \.toml and \.json"):
        read_sources(tmp_path / "a.mq5")


def test_there_is_an_end_to_how_many_files_are_read(tmp_path: Path) -> None:
    for place in range(MOST_FILES + 1):
        (tmp_path / f"a{place}.py").touch()
    found = read_sources(tmp_path)
    assert len(found.sources) == MOST_FILES
    assert "more than 2,000 Python files" in found.problems[0]
