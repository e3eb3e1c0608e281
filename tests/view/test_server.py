"""The server: whom it answers, what it sends, what it outlives, and how it starts and ends."""

import http.client
import json
import os
import re
import resource
import shlex
import shutil
import signal
import socket
import sys
import time
import uuid
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from solara.server import kernel_context
from starlette.datastructures import Headers
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from experiments.cli.main import main
from experiments.cli.parser import parse
from experiments.cli.running import server_options
from tests.view.conftest import SMALL
from tests.view.serving import ROOT, serving
from view import server as server_module
from view.guard import Guard
from view.open_pages import EACH, OpenPage, OpenPages
from view.server import ServerError, address, listen, names_of, read_port


def ask(server, path="/", method="GET", **headers):
    """Return status, headers and text of an answer; the path is sent as it is."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as asking:
        asking.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            asking.putheader(name, value)
        asking.putheader("Connection", "close")
        asking.endheaders()
        answer = asking.getresponse()
        return answer.status, answer.headers, answer.read().decode("utf-8", "replace")


def talk(server, origin=None, kernel=None, session=None):
    """Open the socket through which a page talks to its server."""
    kernel = kernel or uuid.uuid4()
    place = f"ws://127.0.0.1:{server.port}/jupyter/api/kernels/{kernel}/channels?session_id=x"
    cookie = {"Cookie": f"solara-session-id={session}"} if session else None
    return connect(place, origin=origin, additional_headers=cookie)


def message(kind, **content):
    header = {"msg_id": "1", "msg_type": kind, "username": "", "session": "x", "version": "5.2"}
    return json.dumps(
        {"header": header, "parent_header": {}, "metadata": {}, "content": content,
         "channel": "shell", "buffers": []}
    )  # fmt: skip


def lives(server):
    return server.alive and ask(server)[0] == 200


# -- who is answered -------------------------------------------------------------------------------


def test_it_listens_to_this_machine_alone_whatever_the_environment_says(server):
    assert server.url.startswith("http://127.0.0.1:")
    with pytest.raises(OSError, match="refused"):  # a server on all addresses would be there too
        socket.create_connection(("127.0.0.2", server.port), 5)
    assert lives(server)


def test_a_host_that_is_given_is_listened_on():
    bound = listen("0.0.0.0", 0)
    try:
        socket.create_connection(("127.0.0.2", bound.getsockname()[1]), 5).close()
        assert address(bound) == f"http://127.0.0.1:{bound.getsockname()[1]}/"
    finally:
        bound.close()


def test_names_of_other_machines_and_pages_of_other_sites_are_refused(server):
    own = f"127.0.0.1:{server.port}"
    assert ask(server, Host=own)[0] == 200
    assert ask(server, Host=f"localhost:{server.port}")[0] == 200
    for host in ("example.org", f"evil.test:{server.port}", "127.0.0.1.evil.test", "a b", ""):
        assert ask(server, Host=host)[0] in (400, 403), host
    with talk(server, origin=f"http://{own}") as page:
        page.send(message("kernel_info_request"))
        assert "kernel_info_reply" in page.recv(20) + page.recv(20)
    for origin in ("http://evil.test", "null", f"http://evil.test:{server.port}"):
        with pytest.raises(InvalidStatus, match="403"):
            talk(server, origin=origin)
    leaving = f"/_solara/api/close/{uuid.uuid4()}?session_id=x"
    assert ask(server, leaving, "POST", Origin="http://evil.test")[0] == 403
    assert ask(server, leaving, "POST", Origin=f"http://{own}")[0] == 200


def test_what_a_proxy_would_say_of_addresses_is_not_believed(server):
    names = ("X-Forwarded-Host", "X-Script-Name", "X-Forwarded-Prefix", "Forwarded")
    assert "evil.test" not in ask(server, **dict.fromkeys(names, "//evil.test"))[2]


def test_two_host_names_are_one_too_many(server):
    own = f"127.0.0.1:{server.port}"
    with socket.create_connection(("127.0.0.1", server.port), 10) as raw:
        raw.sendall(f"GET / HTTP/1.1\r\nHost: {own}\r\nHost: evil.test\r\n\r\n".encode())
        assert raw.recv(100).split()[1] in (b"400", b"403")


@pytest.mark.parametrize(
    ("words", "local", "answered", "refused"),
    [
        ([], True, ["127.0.0.1", "localhost:80", "[::1]"], ["10.0.0.1", "evil.test", "[fe80::1]"]),
        (
            ["--host", "0.0.0.0", "--allow-host", "Lab.Example.org", "--allow-host=lab"],
            False,
            ["10.0.0.1:8000", "[fe80::1]", "lab", "lab.example.org:8000", socket.gethostname()],
            ["evil.test", "lab.example.org.evil.test", "10.0.0.1.evil.test", "0x7f.1", ""],
        ),
        (["--allow-host", "lab"], True, ["lab:80"], ["lab2", "10.0.0.1"]),
    ],
)
def test_only_own_names_and_those_allowed_lead_to_the_server(words, local, answered, refused):
    names = names_of(server_options(parse("view", words)), local)
    guard = Guard(None, names, not local, OpenPages())

    def answers(host):
        scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
        return guard._refusal(host, Headers({"host": host}), scope) is None

    assert [host for host in answered if not answers(host)] == []
    assert [host for host in refused if answers(host)] == []


def test_a_page_of_another_site_can_open_a_page_and_neither_embed_it_nor_start_a_comparison(server):
    def status(path, site, mode="navigate", kind="document"):
        sent = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": kind}
        return ask(server, path, **sent)[0]

    compare = "/results/compare?a=published/framing&b=published/trust"
    assert status("/results", "cross-site") == 200
    assert status("/results", "cross-site", kind="iframe") == 403
    assert status("/favicon.ico", "cross-site", "no-cors", "image") == 200
    assert status("/files/published/trust/report.html", "cross-site", "no-cors", "image") == 403
    for site in ("cross-site", "same-site"):
        assert status(compare, site) == 403
        assert status(compare, site, "no-cors", "image") == 403
    assert status("/results/compare?a=x&b=y", "same-origin") == 404
    assert status("/results/compare?a=x&b=y", "none") == 404


def test_a_page_may_load_from_this_server_only(server):
    _, headers, page = ask(server)
    sources = re.findall(r"'[\w-]+'|\S+:\S*", headers["content-security-policy"])
    elsewhere = [source for source in sources if re.match(r"(https?|ws):", source)]
    assert elsewhere == [f"ws://127.0.0.1:{server.port};"]
    assert "'self'" in sources
    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page) == []
    assert "HttpOnly" in headers["set-cookie"]


def test_nothing_is_fetched_for_a_visitor_and_nothing_is_told_to_anyone(server):
    for path in ("left-pad@1.3.0/index.js", "vega@99.0.0/build/vega.js", "..%2f..%2fpyvenv.cfg"):
        assert ask(server, f"/_solara/cdn/{path}")[0] == 404
    assert ask(server, "/_solara/cdn/requirejs@2.3.6/require.js")[0] == 200
    with talk(server):  # a visit is what telemetry counts
        pass
    assert not server.proxy_was_asked()


# -- what it outlives ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "garbage",
    ["", "{", "[]", "{}", "\x00" * 99, "x" * 500_000, '{"header": {"msg_type": "comm_msg"}}',
     b"", b"\xff" * 100, b"\x00\x00\x00\x01\x00\x00\x00\x04", "[" * 50_000],
    ids=lambda value: f"{type(value).__name__}-{len(value)}",
)  # fmt: skip
def test_garbage_ends_the_connection_that_sent_it_and_no_more(server, garbage):
    said = len(server.said)
    with talk(server) as other, talk(server) as page:
        page.send(garbage)
        with suppress(ConnectionClosed, TimeoutError):
            page.recv(1)
        other.send(message("kernel_info_request"))
        assert "busy" in other.recv(20)
    assert lives(server)
    assert not [line for line in server.said[said:] if "Traceback" in line]


def memory(server):
    """Return the most memory that the server had so far, in MB."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


@pytest.mark.parametrize("count", [2**31 - 1, 2**28, 2**24])
def test_a_frame_that_announces_more_than_it_holds_takes_no_memory(server, count):
    before = memory(server)
    with talk(server) as page:
        page.send(count.to_bytes(4, "big") + b"\0\0\0\4")
        with suppress(ConnectionClosed):
            list(page)
        assert page.close_code == 1003
    assert memory(server) < before + 50
    assert lives(server)


def test_pages_are_limited_for_a_visitor_and_those_that_lost_their_browser_make_room(server):
    session = str(uuid.uuid4())
    with ExitStack() as pages:
        for _ in range(EACH):
            page = pages.enter_context(talk(server, session=session))
            page.send(message("kernel_info_request"))
            page.recv(20)
        status, _, text = ask(server, "/live", Cookie=f"solara-session-id={session}")
        assert status == 503
        assert f"You have {EACH} pages open" in text
        with pytest.raises(InvalidStatus, match="403"):
            talk(server, session=session)
        assert lives(server)  # of another visitor
    wait_until(lambda: ask(server, "/live", Cookie=f"solara-session-id={session}")[0] == 200)
    with talk(server, session=session) as page:
        page.send(message("kernel_info_request"))
        assert "busy" in page.recv(20)


def wait_until(holds, seconds=20):
    """Return as soon as something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


class Held:
    """A page's world, as Solara holds it."""

    def __init__(self, session_id, ended):
        self.session_id, self.ended = session_id, ended

    def close(self, reason):
        self.ended.append(self)


def test_the_oldest_pages_without_a_browser_end_first(monkeypatch):
    ended = []
    held = {kernel: Held(owner, ended) for kernel, owner in zip("abcde", "11122", strict=True)}
    monkeypatch.setattr(kernel_context, "contexts", held)
    pages = OpenPages(each=2, most=4)
    with pages.connected(OpenPage("a", "1")):
        pages.make_room()
        assert ended == [held["b"]]  # the first visitor's second, and by that all are four
    ended.clear()
    pages.most = 3
    with pages.connected(OpenPage("a", "1")), pages.connected(OpenPage("b", "1")):
        assert pages.refusal("1")
        assert pages.refusal("2") is None
        assert pages.refusal(None) is None
        pages.make_room()
    assert ended == [held["c"], held["d"]]


def test_more_connections_than_the_system_allows_pass_without_a_word(server):
    said, pid = len(server.said), server.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (150, before[1]))
    try:
        with ExitStack() as crowd:
            for _ in range(200):
                crowd.enter_context(socket.create_connection(("127.0.0.1", server.port), 10))
            time.sleep(0.5)
        wait_until(lambda: lives(server))
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    assert server.said[said:] == []


def test_code_is_not_run(server, tmp_path):
    mark = tmp_path / "mark"
    code = f"open({str(mark)!r}, 'w').close()"
    with talk(server) as page:
        page.send(message("execute_request", code=code, silent=False))
        with pytest.raises(ConnectionClosed):  # whoever asks for that is hung up on
            page.recv(20)
    assert not mark.exists()
    assert lives(server)


def test_what_is_for_developers_is_not_there(server):
    for path in ("/resourcez", "/docs", "/console", f"/_solara/api/evict/{uuid.uuid4()}"):
        assert ask(server, path)[0] == 404, path
    assert '"production": true' in ask(server)[2] or "solara.production = true" in ask(server)[2]


@pytest.mark.parametrize("path", ["/nowhere", "/live/x", "/results/x/y/z", "/<script>x", "/%00"])
def test_an_address_without_a_page_is_answered_with_a_page_that_leads_on(server, path):
    status, headers, text = ask(server, path)
    assert status == 404
    assert 'href="/results"' in text
    assert 'role="alert"' in text
    assert "<script" not in text
    assert "default-src 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    ["/results/../../pyproject.toml", "/results/x/../../../etc/passwd", "/published/README.md",
     "/results/%2e%2e/%2e%2e/etc/passwd", "/results/..%2f..%2fetc%2fpasswd", "/results/",
     "/results//etc/passwd", "/nowhere/x/report.html", "/published/right_momentum/config.yaml",
     "/published/%00/report.html", "/published/right_momentum/../../../view/static/favicon.svg",
     "/published/%2e%2e/%2e%2e/view/static/favicon.svg", "/published/" + "a" * 5000,
     "/published/index.csv", "/results/explorer.html", "/results/leak/favicon.svg",
     f"/results/{quote(str(ROOT))}/view/static/favicon.svg"],
)  # fmt: skip
def test_no_file_is_sent_but_those_of_results(server, results, path):
    leak = results / "leak"
    if not leak.is_symlink():
        leak.symlink_to(ROOT / "view" / "static")
    status, _, text = ask(server, f"/files{path}")
    assert status == 404, text[:200]
    assert "root:" not in text
    assert lives(server)


def test_neither_links_out_of_the_folder_nor_pipes_are_opened(server, results):
    folder = results / "odd" / "figures"
    folder.mkdir(parents=True)
    secret = results.parent / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>secret</text></svg>')
    (folder / "linked.svg").symlink_to(secret)
    (folder / "up.svg").symlink_to("../../../secret.svg")
    (folder / "ring.svg").symlink_to("ring.svg")
    os.mkfifo(folder / "pipe.svg")
    for name in ("report.html", "report.json", "design.json", "config.yaml", "provenance.json"):
        os.mkfifo(folder.parent / name)
    (folder.parent / "outcome.json").write_text("{}")
    try:
        for name in ("linked", "up", "ring", "pipe"):
            assert ask(server, f"/files/results/odd/figures/{name}.svg")[0] == 404
        assert "secret<" not in ask(server, "/results/results/odd")[2]
        assert ask(server, "/results")[0] == 200
    finally:
        shutil.rmtree(folder.parent)


NESTED = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text", [f"{NESTED}experiment:\n  question: *i\n", "case: {name: &n [*n]}\n", "[" * 5000,
             "experiment: {question: [1, {a: 2}]}\ncase: 3\n"],
)  # fmt: skip
def test_no_file_of_a_result_silences_the_server(server, results, text):
    folder = results / "nested"
    folder.mkdir()
    (folder / "config.yaml").write_text(text)
    (folder / "outcome.json").write_text('{"grade": {"a": []}, "emergence_week": "x"}')
    try:
        assert ask(server, "/results")[0] == 200
        assert ask(server, "/results/results/nested")[0] == 200
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("published/right_momentum/report.html", "text/html"),
        ("published/figures/verdict_board.png", "image/png"),
        ("published/right_momentum/figures/effects.csv", "text/csv"),
        ("results/drawn/verdicts.svg", "image/svg+xml"),
    ],
)
def test_files_of_results_are_sent_without_leave_to_run_scripts(server, drawing, path, kind):
    status, headers, _ = ask(server, f"/files/{path}")
    assert status == 200
    assert headers["content-type"].split(";")[0] == kind
    policy = headers.get_all("content-security-policy")
    assert len(policy) == 1
    assert "sandbox" in policy[0]
    assert "script-src" not in policy[0]


@pytest.fixture
def drawing(results):
    """A result that holds a drawing with a script in it."""
    folder = results / "drawn"
    folder.mkdir()
    (folder / "config.yaml").write_text("{}")
    (folder / "verdicts.svg").write_text("<svg><script>alert(1)</script></svg>")
    yield
    shutil.rmtree(folder)


# -- the command line ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port"], "--port: expected one argument"),
        (["--port", "http"], "--port http: give a whole number"),
        (["--port", "65536"], "--port 65536: give a whole number"),
        (["--open=yes"], "--open: takes no value"),
        (["--host", "no.such.host.invalid"], "--host no.such.host.invalid: no such host"),
        (["--host", "192.0.2.1"], "--host 192.0.2.1: not an address of this machine"),
        (["--prot", "1"], "unknown option --prot"),
        (["users.cout=5"], "did you mean users.count?"),
        (["users.count=1e6"], "a page draws up to 10,000 users"),
        (["horizon=9999"], "a page plays up to 2,600 weeks"),
        (["users.count=10000", "network.mean_degree=200"], "a page draws up to 500,000 ties"),
        (["users.count=5000", "network.topology=complete"], "a page draws up to 500,000 ties"),
        (["--allow-host", "http://lab/"], "--allow-host http://lab/: give a name"),
        (["users.count=10,20"], "view makes one run"),
        (["experiment=right_momentum"], "momentum sweep experiment=right_momentum"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_mistake_is_one_line_before_anything_starts(words, said, capsys, monkeypatch):
    monkeypatch.setattr(server_module, "_warm_up", lambda: pytest.fail("it started"))
    assert main(["view", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert re.fullmatch(r"momentum: [^\n]+\n", told.err)
    assert said in told.err


def test_a_taken_port_is_refused_with_one_that_is_free():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=f"port {port} is in use; --port ") as refused:
            listen("127.0.0.1", port)
        offered = int(re.findall(r"--port (\d+)", str(refused.value))[0])
        listen("127.0.0.1", offered).close()


def test_a_taken_port_is_one_line_on_the_command_line(capsys):
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert main(["view", "--port", str(port)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(rf"momentum: port {port} is in use[^\n]+\n", printed.err)


def test_where_no_port_is_given_the_next_free_one_is_taken(monkeypatch):
    with listen("127.0.0.1", 0) as taken:
        monkeypatch.setattr(server_module, "PORT", taken.getsockname()[1])
        with listen("127.0.0.1", None) as other:
            assert other.getsockname()[1] > taken.getsockname()[1]


@pytest.mark.parametrize("port", ["x", "-1", "65536", "1.5", "٣"])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(ServerError, match="whole number from 1 to 65535"):
        read_port(port)


def test_without_its_packages_it_says_how_to_install_them(monkeypatch, capsys):
    monkeypatch.setattr(server_module, "find_spec", lambda name: None if name == "solara" else name)
    assert main(["view"]) == 2
    install = f"{shlex.quote(sys.executable)} -m pip install -e '.[view]' installs"
    assert install in capsys.readouterr().err


def test_it_ends_cleanly_though_a_visitor_is_there(tmp_path):
    words = (*SMALL, f"results_dir={tmp_path / 'results'}")
    with serving(*words, cwd=tmp_path) as own, talk(own) as page:
        page.send(message("kernel_info_request"))
        page.recv(20)
        assert own.stop() == 0
    assert own.said[-1] == "Stopped."
    assert not [line for line in own.said if "Traceback" in line or "Error" in line]
    assert not list(tmp_path.iterdir())


def test_ctrl_c_twice_ends_it_without_a_traceback(tmp_path):
    with serving(cwd=tmp_path) as own:
        own.process.send_signal(signal.SIGINT)
        time.sleep(0.05)  # or both arrive as one
        assert own.stop() == 0
        own.listener.join(10)
        assert "Stopped." in own.said
        assert not [line for line in own.said if "Traceback" in line]
