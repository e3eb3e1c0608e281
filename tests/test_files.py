"""Files that users bring: a hostile one is refused in one line, quickly, and never waited for."""

import os
import subprocess
import sys

import pytest

from experiments.files import FileError, read_text, read_yaml

LAUGHS = "a0: &a0 [x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
)
MERGES = "m0: &m0 {k: 1}\n" + "".join(
    f"m{i}: &m{i} {{<<: [{', '.join([f'*m{i - 1}'] * 9)}]}}\n" for i in range(1, 12)
)
HOSTILE = {
    "laughs": (LAUGHS.encode(), "too many values"),
    "merges": (MERGES.encode(), "too many values"),
    "itself": (b"a: &a\n  - *a\n", "contains itself"),
    "itself by merging": (b"a: &a\n  <<: *a\n", "contains itself"),
    "a table in itself": (b"&a {x: {y: *a}}\n", "contains itself"),
    "deep": (b"[" * 100_000, "too deeply"),
    "deep blocks": ("".join(" " * i + "a:\n" for i in range(300)).encode(), "too deeply"),
    "deep by aliases": (
        ("a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 99))).encode(),
        "too deeply",
    ),
    "many": (b"[" + b"1," * 300_000 + b"]", "too many values"),
    "large": (b"# " + b"x" * 11_000_000, "too large"),
    "utf-16": ("title: x\n".encode("utf-16"), "UTF-16"),
    "utf-16 without a mark": ("title: x\n".encode("utf-16-le"), "binary"),
    "gzip": (b"\x1f\x8b\x08\x00", "gzip"),
    "latin-1": ("title: é\n".encode("latin-1"), "UTF-8"),
    "zeros": (bytes(64), "binary"),
    "code": (b"!!python/object/apply:os.system [ls]", "not plain YAML"),
    "twice": (b"a: 1\nb: 2\na: 3\n", "line 3: a is given twice"),
    "no day": (b"start: 2020-02-30\n", "not plain YAML"),
    "a list as a name": (b"? [1, 2]\n: 3\n", "not plain YAML"),
    "two documents": (b"a: 1\n---\nb: 2\n", "not YAML"),
    "a bracket": (b"a: [\n", "not YAML"),
    "an escape": (b'a: "\\UFFFFFFFF"\n', "not YAML"),
}


@pytest.mark.parametrize(("data", "problem"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_in_one_line(tmp_path, data, problem):
    path = tmp_path / "mine.yaml"
    path.write_bytes(data)
    with pytest.raises(FileError) as refused:
        read_yaml(path)
    message = str(refused.value)
    assert message.startswith(str(path))
    assert problem in message
    assert "\n" not in message
    assert len(message) < 300


def test_only_regular_files_are_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    code = (
        "from experiments.files import FileError, read_yaml\n"
        "import sys\n"
        "for path in sys.argv[1:]:\n"
        "    try: read_yaml(path)\n"
        "    except FileError as error: print(error.problem)\n"
    )
    paths = [str(tmp_path / "pipe.yaml"), "/dev/zero", "/dev/null", str(tmp_path)]
    run = subprocess.run(
        [sys.executable, "-c", code, *paths], capture_output=True, text=True, timeout=60
    )
    assert run.stdout.count("pipe or a device") == 3
    assert "directory" in run.stdout


def test_a_missing_file_is_refused_with_the_nearest_name(tmp_path):
    (tmp_path / "twitter.yaml").write_text("a: 1\n")
    with pytest.raises(FileError, match=r"no such file; did you mean .*twitter\.yaml\?"):
        read_yaml(tmp_path / "twiter.yaml")
    with pytest.raises(FileError, match="no such file"):
        read_yaml(tmp_path / "nowhere" / "x.yaml")
    with pytest.raises(FileError, match="cannot be read"):
        read_yaml("null\0.yaml")


def test_an_ordinary_file_is_read_with_its_aliases_and_merges(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: &a {x: 1}\r\nb: {<<: *a, y: 2020-01-02}\r\nc: [*a, *a]\r\n")
    found = read_yaml(path)
    assert found["b"]["x"] == 1
    assert found["c"] == [{"x": 1}, {"x": 1}]
    path.write_bytes(b"")
    assert read_yaml(path) is None
    assert read_text(path) == ""
