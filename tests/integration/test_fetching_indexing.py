"""`assistant fetch` and `assistant index https://...`, from the command line and from Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import assistant
from assistant.articles import SourceFile, find_files
from assistant.articles.readers import read_articles
from assistant.cli import main
from assistant.pipeline import Assistant
from assistant.types import Article
from tests.integration.fetching_site import Site, page, running, send

pytest_plugins = ["tests.sample_index"]

Run = Callable[..., tuple[int, str, str]]
GATE = "The harbour board closed the north lock at noon."


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as site:
        site.pages["/dam"] = send(page())
        site.pages["/lock"] = send(page("Lock closed", GATE))
        yield site


@pytest.fixture
def run(
    clean_environment: None,
    one_embedder: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run the command line with loopback allowed, in an empty folder: code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_FETCH_ALLOW", "127.0.0.0/8")
    monkeypatch.setenv("DATELINE_FETCH_DELAY", "0")

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def here(site: Site, path: str) -> str:
    return site.at(path, host="127.0.0.1")


def test_fetching_into_a_folder_that_is_then_indexed(run: Run, site: Site) -> None:
    Path("list.txt").write_text(f"# two\n\n{here(site, '/lock')}\n  {here(site, '/dam')}\n")
    code, out, err = run("fetch", here(site, "/dam"), "--list", "list.txt", "--into", "pages")
    assert (code, err) == (0, "")
    assert out == "fetched: 2 added, 0 updated, 0 unchanged, 0 refused\n"
    assert not Path("indexes").exists()
    code, out, err = run("index", "pages", "--index", "idx")
    assert (code, err) == (0, "")
    assert out.startswith("2 added")
    code, out, _ = run("ask", "What did the harbour board close?", "--index", "idx", "--json")
    assert json.loads(out)["citations"][0]["url"] == here(site, "/lock")


PAGES = sorted(
    path
    for path in (Path(__file__).parents[1] / "data" / "pages").iterdir()
    if path.suffix in (".html", ".txt")
)


@pytest.mark.parametrize("saved", PAGES, ids=lambda path: path.name)
def test_a_fetched_page_reads_as_the_saved_one_does(
    run: Run, site: Site, tmp_path: Path, saved: Path
) -> None:
    """Its words, title, day and author; and its address is known."""
    kind = "text/html" if saved.suffix == ".html" else "text/plain"
    site.pages["/story"] = send(saved.read_bytes(), kind)
    assert run("fetch", here(site, "/story"), "--into", "pages")[0] == 0
    (before,) = read_articles(SourceFile(saved, saved.parent))
    (file,) = find_files([Path("pages")])
    (after,) = read_articles(file)
    assert isinstance(before, Article) and isinstance(after, Article)
    assert after.text == before.text
    assert (after.title, after.author) == (before.title, before.author)
    assert after.published == before.published
    printed = saved.name == "print_view.html"  # its address is a line of text, which goes last
    own = "" if printed else before.url
    assert after.url == (own or here(site, "/story"))


def test_what_is_refused_is_a_line_each_and_exit_code_3(run: Run, site: Site) -> None:
    code, out, err = run("fetch", here(site, "/dam"), here(site, "/none"), "--into", "pages")
    assert code == 3
    assert out == "fetched: 1 added, 0 updated, 0 unchanged, 1 refused\n"
    assert err == f"refused {here(site, '/none')}: answers 404 (Not Found)\n"
    secret = "http://me:s3cret@127.0.0.1/"
    code, out, err = run("fetch", secret, "--into", "pages", "--json")
    assert code == 3
    assert json.loads(out)["refused"][0]["address"] == "http://…@127.0.0.1/"
    assert "s3cret" not in out + err


def test_without_the_setting_loopback_is_refused(
    run: Run, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATELINE_FETCH_ALLOW")
    code, _, err = run("fetch", here(site, "/dam"), "--into", "pages")
    assert code == 3
    assert "loopback" in err
    assert site.asked == []


def test_who_asks_is_said(run: Run, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    run("fetch", here(site, "/dam"), "--into", "pages")
    monkeypatch.setenv("DATELINE_FETCH_AGENT", "Newsroom/2 (desk@news.example)")
    run("fetch", here(site, "/dam"), "--into", "pages")
    agents = [headers["User-Agent"] for headers in site.headers("/dam")]
    assert agents == [f"Dateline/{assistant.__version__}", "Newsroom/2 (desk@news.example)"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fetch", "--into", "pages"], "no address"),
        (["fetch", "http://a.example/", "--list", "binary", "--into", "pages"], "not UTF-8"),
        (["fetch", "--list", "none", "--into", "pages"], "none: No such file"),
        (["fetch", "http://a.example/"], "--into"),
        (["index", "http://a.example/", "--dry-run"], "not with addresses"),
        (["index", "http://a.example/", "--watch"], "not with addresses"),
    ],
)
def test_wrong_usage(run: Run, arguments: list[str], said: str) -> None:
    Path("binary").write_bytes(b"\xff\xff")
    code, out, err = run(*arguments)
    assert code == (1 if "No such" in said else 2)
    assert out == ""
    assert said in err and err.count("\n") == 1
    assert not Path("pages").exists() and not Path("indexes").exists()


def test_a_setting_that_is_no_network(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_FETCH_ALLOW", "intranet")
    code, _, err = run("fetch", "http://a.example/", "--into", "pages")
    assert code == 2
    assert err.startswith("assistant: setting DATELINE_FETCH_ALLOW: ")


def test_a_feed_from_the_command_line(run: Run, site: Site) -> None:
    item = f"<item><link>{here(site, '/dam')}</link></item>"
    feed = f"<rss version='2.0'><channel><title>t</title>{item}</channel></rss>"
    site.pages["/rss"] = send(feed, "application/rss+xml")
    code, out, _ = run("fetch", here(site, "/rss"), "--feed", "--into", "pages")
    assert (code, out) == (0, "fetched: 1 added, 0 updated, 0 unchanged, 0 refused\n")


def test_indexing_addresses_and_folders_in_one_go(run: Run, site: Site) -> None:
    Path("news").mkdir()
    Path("news/a.md").write_text("---\nid: a\ntitle: A\n---\n\nThe mayor opened a school.\n")
    code, out, err = run("index", here(site, "/dam"), "news", "--index", "idx")
    assert (code, err) == (0, "")
    assert out.startswith("fetched: 1 added, 0 updated, 0 unchanged, 0 refused\n2 added")
    code, out, _ = run("index", here(site, "/lock"), "--index", "idx", "--json")
    report = json.loads(out)
    assert len(report["added"]) == len(report["unchanged"]) == len(report["fetched"]["added"]) == 1
    assert report["removed"] == []  # what was fetched before stays
    code, _, err = run("index", here(site, "/none"), "--index", "idx")
    assert code == 3
    assert err.startswith("refused ")


def test_an_index_within_the_folder_that_is_indexed_keeps_what_it_fetched(
    run: Run, site: Site, tmp_path: Path
) -> None:
    Path("a.md").write_text("---\nid: a\ntitle: A\n---\n\nThe mayor opened a school.\n")
    run("index", here(site, "/dam"), "--index", "idx")
    code, out, err = run("index", ".", "--index", "idx", "--json")
    assert (code, err) == (0, "")
    report = json.loads(out)
    assert report["added"] == ["a"]
    assert report["removed"] == []
    for paths in ((".", "idx/fetched"), ("idx/fetched", ".")):
        code, out, _ = run("index", *paths, "--index", "idx", "--json")
        report = json.loads(out)
        assert (code, len(report["unchanged"]), report["removed"]) == (0, 2, [])
    assert (
        len(json.loads(run("index", ".", "--dry-run", "--index", "idx", "--json")[1])["removed"])
        == 0
    )
    next(Path("idx/fetched").glob("*.html")).unlink()
    _, out, _ = run("index", "idx/fetched", "--index", "idx", "--json")
    assert len(json.loads(out)["removed"]) == 1


def test_fetching_from_python(run: Run, site: Site, tmp_path: Path) -> None:
    with Assistant.open(tmp_path / "idx", create=True) as opened:
        report = opened.fetch([here(site, "/dam"), "ftp://a.example/"])
        assert [kept.path.parent for kept in report.added] == [opened.fetched_folder]
        assert [refused.address for refused in report.refused] == ["ftp://a.example/"]
        assert len(opened.index([opened.fetched_folder]).added) == 1
        stopped = opened.fetch([here(site, "/lock")], stop=lambda: True)
        assert stopped.stopped and not stopped.added
    assert "/lock" not in site.paths()


def python(code: str) -> subprocess.CompletedProcess[str]:
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": path},
    )


def test_nothing_of_it_is_loaded_unless_it_is_asked_for() -> None:
    done = python(
        "import sys, assistant.cli, assistant.pipeline, assistant.indexing, assistant.library\n"
        "assert not [name for name in sys.modules if name.startswith('assistant.fetching')]\n"
        "assert not {'protego', 'feedparser'} & sys.modules.keys()"
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("package", ["protego", "feedparser"])
def test_without_its_packages_it_says_what_to_install(package: str) -> None:
    done = python(
        f"import sys; sys.modules[{package!r}] = None\n"
        "from assistant.cli import main\n"
        "sys.exit(main(['fetch', 'http://a.example/', '--into', 'pages']))"
    )
    assert done.returncode == 2
    assert done.stderr == (
        f"assistant: fetching needs the package {package}: "
        "pip install 'dateline-assistant[fetch]'\n"
    )
