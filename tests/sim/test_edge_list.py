"""Ties from files: what is meant without doubt is read, and the rest is refused by one line."""

import bz2
import errno
import gzip
import logging
import lzma
import os
import shlex
import subprocess
import sys

import numpy as np
import pytest

from sim import MovementModel, Parameters, simulate
from sim.errors import MomentumError, MomentumWarning
from sim.network import edge_list, edge_list_digest, from_edges, read_edge_list
from sim.parameters import ParameterError
from sim.setup import check_world

TIES = [(70, 5), (5, 900), (900, 12), (12, 70), (12, 5)]
USERS, NUMBERED = 4, [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3]]  # of users 5, 12, 70, 900


def written(separator: str = " ", head: str = "", more: str = "", big: int = 0) -> str:
    """Return the ties as text, with something at the head or at the end of each line."""
    return head + "".join(f"{big + a}{separator}{big + b}{more}\n" for a, b in TIES)


READ = {
    "spaces": written(),
    "tabs": written("\t"),
    "several spaces": written("   "),
    "commas": written(","),
    "commas and spaces": written(", "),
    "semicolons": written(";"),
    "vertical bars": written("|"),
    "19 digits": written(big=1234567890123456000),
    "20 digits": written(big=12345678901234567890),
    "40 digits": written(big=10**40),
    "a comment with %": written(head="% sym unweighted\n% 5 4 4\n"),
    "a comment with #": written(head="# Nodes: 4 Edges: 5\n# FromNodeId\tToNodeId\n"),
    "a comment with //": written(head="// ties\n\n"),
    "comments at the end": written(more="  # a note"),
    "a header": written(",", head="id_1,id_2\n"),
    "a header in tabs": written("\t", head="From Node\tTo Node\n"),
    "a header of the same names in quotes": written(",", head='"source","target"\n'),
    "a title": written(head="Friends of 2021\n"),
    "weights": written(more=" 0.5"),
    "weights and times": written("\t", more="\t1\t1167609600"),
    "decimal commas": written(";", more=";0,5"),
    "text in further columns": written(",", head="Source,Target,Type\n", more=",Undirected"),
    "quoted text with commas": written(",", more=',"one, two"'),
    "ids in other columns": "id,weight,target,source\n"
    + "".join(f"{i},0.5,{b},{a}\n" for i, (a, b) in enumerate(TIES)),
    "an index of pandas": ",u,v\n" + "".join(f"{i},{a},{b}\n" for i, (a, b) in enumerate(TIES)),
    "row names of R": "u v\n" + "".join(f'"{i}" {a} {b}\n' for i, (a, b) in enumerate(TIES)),
    "quoted ids": "".join(f'"{a}","{b}"\n' for a, b in TIES),
    "decimal zeros": "".join(f"{a}.0,{b}.0\n" for a, b in TIES),
    "leading zeros": "".join(f"{a:06d} {b:04d}\n" for a, b in TIES),
    "lines of Windows": written().replace("\n", "\r\n"),
    "lines of the old Macintosh": written().replace("\n", "\r"),
    "a mark of the byte order": "\ufeff" + written(),
    "no end of the last line": written().rstrip(),
}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "ties.txt"


@pytest.mark.filterwarnings("ignore::sim.errors.MomentumWarning")
@pytest.mark.parametrize("form", READ)
def test_ties_are_read_in_every_form_they_are_published_in(file, form):
    file.write_bytes(READ[form].encode())
    users, ties = read_edge_list(file)
    assert (users, ties.tolist()) == (USERS, NUMBERED)
    assert ties.dtype == np.int32


@pytest.mark.parametrize(
    "pack",
    [gzip.compress, bz2.compress, lzma.compress, lambda text: text.decode().encode("utf-16")],
)
def test_compressed_and_wide_files_are_read_whatever_their_name(file, pack):
    file.write_bytes(pack(written().encode()))
    assert read_edge_list(file).ties.tolist() == NUMBERED


def test_mixed_spaces_doubles_and_self_ties(file, caplog):
    file.write_text("# FromId\tToId\n70 5\n\n5\t900  # a note\n900 5\n  70 5 \n5 5\n12 12\n")
    with caplog.at_level(logging.INFO, "sim.network"):
        found = read_edge_list(file)
    assert (found.users, found.ties.tolist()) == (4, [[0, 2], [0, 3]])
    assert "dropped 2 double ties and 2 self-ties" in caplog.text
    assert np.diff(from_edges(*found).offsets).tolist() == [2, 0, 1, 1]


def test_columns_that_are_not_read_are_named_once(file):
    file.write_text(written(more=" 0.5"))
    with pytest.warns(MomentumWarning, match="only columns 1 and 2 are read") as caught:
        found = [read_edge_list(file), read_edge_list(file)]
    assert found[0].ties.tolist() == NUMBERED
    assert len(caught) == 1


# What is refused


@pytest.mark.parametrize(
    "line", ["7", "1 2 3", "1,2", "a b", "1 -2", "1.5 2", "1e3 2", "1 \N{SUPERSCRIPT TWO}"]
)
def test_a_bad_line_is_named(file, line):
    file.write_text(f"# ids\n1 2\n{line}\n3 4\n")
    with pytest.raises(ValueError, match=r"ties\.txt, line 3: .*two whole numbers") as caught:
        read_edge_list(file)
    assert repr(line) in str(caught.value)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("a header\nanother\n1 2\n", 1),
        ("1,5 2,5\n3,5 4,5\n", 1),
        ("1 2\n3 4 5 6\n", 2),  # a list of neighbours
        ("name\n", 1),
        ("-1 2\n-2 3\n", 1),
    ],
)
def test_what_may_mean_something_else_is_refused(file, content, line):
    file.write_text(content)
    with pytest.raises(ValueError, match=rf"ties\.txt, line {line}: "):
        read_edge_list(file)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id,a,b\n1,70,5\n2,5,900\n", "name the columns of the two ids"),
        ("0 1 1\n1 0 1\n1 1 0\n", "a matrix"),
        ("", "empty"),
        ("# only a note\n\n", "no ties"),
        ("PK\x03\x04", "an archive"),
        ("\x00\x01\x02", "not a text file"),
        ("BZh9damaged", "damaged"),
        ("\x1f\x8b\x08\x00damaged", "damaged"),
    ],
)
def test_a_file_that_is_no_list_of_ties_is_refused(file, content, said):
    file.write_bytes(content.encode("latin-1"))
    with pytest.raises(ValueError, match=rf"ties\.txt.*: .*{said}") as caught:
        read_edge_list(file)
    assert "\n" not in str(caught.value)


def test_a_file_cut_off_while_it_was_compressed_is_refused(file):
    for pack in (gzip.compress, bz2.compress, lzma.compress):
        file.write_bytes(pack(written().encode() * 2000)[:-20])
        with pytest.raises(ValueError, match="damaged"):
            read_edge_list(file)


FOREIGN = {
    "Pajek": '*Vertices 3\n1 "a"\n2 "b"\n3 "c"\n*Edges\n1 2\n2 3\n',
    "GraphML": '<?xml version="1.0"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    '<graph edgedefault="undirected"><node id="a"/><node id="b"/><node id="c"/>'
    '<edge source="a" target="b"/><edge source="b" target="c"/></graph></graphml>\n',
    "GML": "graph [ node [ id 0 label 0 ] node [ id 7 label 7 ] node [ id 9 label 9 ] "
    "edge [ source 0 target 7 ] edge [ source 7 target 9 ] ]\n",
    "Matrix Market": "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 2\n",
    "whole numbers": "ann bob\nbob 'c d'\n".replace("'c d'", "cem"),
    "ids of two users": "ann,bob\nbob,cem\n",
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_the_command_that_converts_a_file_does(file, tmp_path, kind):
    file.write_text(FOREIGN[kind])
    with pytest.raises(ValueError, match=kind) as caught:
        read_edge_list(file)
    said = str(caught.value)
    assert "\n" not in said
    command = said[max(said.find("python -c"), said.find("awk ")) :]
    command = command.replace("python -c", f"{shlex.quote(sys.executable)} -c")
    result = tmp_path / "converted"
    result.mkdir()
    subprocess.run(command, shell=True, check=True, cwd=result)
    found = read_edge_list(result / "ties.txt")
    assert (found.users, len(found.ties)) == (3, 2)


@pytest.mark.parametrize("content", ["digraph { a -> b }", '[{"source": 1}]', "dl n=3\ndata:\n"])
def test_other_formats_are_named(file, content):
    file.write_text(content)
    with pytest.raises(ValueError, match="two ids a line"):
        read_edge_list(file)


# Where the file is


def test_a_file_in_the_home_folder(file, monkeypatch):
    file.write_text(written())
    monkeypatch.setenv("HOME", str(file.parent))
    assert read_edge_list("~/ties.txt").users == USERS


@pytest.mark.parametrize(
    "path", ["nowhere.txt", ".", "~nosuchuser/ties.txt", "a\0b", "x" * 5000, "ties.txt/inner"]
)
def test_a_path_that_leads_nowhere_is_refused(file, monkeypatch, path):
    file.write_text(written())
    monkeypatch.chdir(file.parent)
    with pytest.raises(MomentumError, match=r": .*should be|: write") as caught:
        read_edge_list(path)
    assert "\n" not in str(caught.value)


def test_a_pipe_is_refused_rather_than_waited_for(file):
    os.mkfifo(file)
    with pytest.raises(ValueError, match="not a regular file"):
        read_edge_list(file)


@pytest.mark.parametrize("number", [errno.EMFILE, errno.EIO, errno.ENOMEM])
def test_an_error_of_the_system_is_no_mistake_of_the_user(file, monkeypatch, number):
    file.write_text(written())

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("builtins.open", fail)
    with pytest.raises(OSError, match=os.strerror(number)):
        check_world(world_of(file))


# Read once, and known by what it holds


def test_a_file_is_read_once_and_again_when_it_changed(file, monkeypatch):
    read = []
    parse = edge_list._parse
    monkeypatch.setattr(edge_list, "_parse", lambda *given: read.append(1) or parse(*given))
    file.write_text(written())
    for seed in range(3):
        simulate(world_of(file), seed)
    edge_list_digest(file)
    assert len(read) == 1
    file.write_text("1 2\n2 3\n")
    assert read_edge_list(file).users == 3
    assert len(read) == 2


def test_the_digest_is_of_what_a_file_holds(file, tmp_path):
    file.write_text(written())
    digest = edge_list_digest(file)
    again = tmp_path / "other.csv.gz"
    again.write_bytes(gzip.compress(written(",", head="u,v\n").encode()))
    assert edge_list_digest(again) == digest
    file.write_text(written() + "12 901\n")
    assert edge_list_digest(file) != digest


# Worlds of a file


def world_of(file, **changes) -> Parameters:
    own = {"network.topology": "edge_list", "network.edge_list": str(file), "horizon": 60}
    return Parameters.from_dict({**own, "movement.organisers": 10, **changes})


def test_a_world_has_the_users_of_its_file(file):
    file.write_text(written())
    world = world_of(file)
    assert check_world(world).users.count == USERS
    run = simulate(world)
    assert (run.parameters.users.count, run.state.users.status.size) == (USERS, USERS)
    assert len(MovementModel(world).users) == USERS
    assert simulate(world, network=run.network).parameters == run.parameters


@pytest.mark.parametrize(("count", "given"), [(5, ()), (2000, ("users.count",))])
def test_another_number_of_users_is_refused(file, count, given):
    file.write_text(written())
    with pytest.raises(ParameterError, match=r"users\.count = .* has 4 users"):
        check_world(world_of(file, **{"users.count": count}), given)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"network.topology": "complete", "users.count": 6000}, "users.count = 6000: .* 5000"),
        ({"users.count": 12}, r"network.mean_degree = 16\.0: .* 11"),
        ({"network.mean_degree": 3, "network.clustering": 0.5}, r"network.clustering = 0.5: "),
        ({"users.count": 9_000_000, "network.mean_degree": 5000}, "network.mean_degree = 5000"),
        (
            {"network.topology": "edge_list", "network.edge_list": "no.txt"},
            "network.edge_list=no.txt: No such file",
        ),
    ],
)
def test_a_world_that_cannot_be_built_is_refused_before_it_is(changes, said):
    with pytest.raises(ParameterError, match=said):
        check_world(Parameters.from_dict(changes))


def test_a_world_that_can_be_built_is_returned_as_it_is():
    for topology in ("heavy_tailed", "small_world", "random", "complete"):
        world = Parameters.from_dict({"network.topology": topology})
        assert check_world(world) is world
