"""The users file, its passwords and tokens, and the command line that writes it."""

from __future__ import annotations

import io
import json
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.access import Credentials, Scope
from assistant.access import sessions as sessions_module
from assistant.access.passwords import hash_password, is_password
from assistant.access.sessions import Sessions
from assistant.cli import main
from assistant.errors import UsageError

PASSWORD = "correct horse battery"
ASK = [Scope.ASK]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "users.json"


@pytest.fixture
def credentials(path: Path) -> Credentials:
    return Credentials(path)


def test_only_the_owner_reads_the_file_and_it_holds_no_secret(
    credentials: Credentials, path: Path
) -> None:
    assert credentials.add_user("marit", PASSWORD, ASK)
    token = credentials.add_token("laptop", [*Scope])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text()
    assert PASSWORD not in text and token not in text
    assert json.loads(text)["users"]["marit"]["password"].startswith("$argon2id$")
    assert [file.name for file in path.parent.iterdir() if "lock" not in file.name] == [path.name]


def test_neither_passwords_nor_tokens_nor_keys_are_in_a_repr(credentials: Credentials) -> None:
    credentials.add_user("marit", PASSWORD, ASK)
    credentials.add_token("laptop", ASK)
    shown = repr((credentials, credentials.users(), credentials.tokens()))
    shown += repr(credentials._read())
    assert "argon2" not in shown
    assert credentials.key() not in shown
    assert credentials.tokens()["laptop"].sha256 not in shown


def test_a_file_that_others_can_read_is_refused(credentials: Credentials, path: Path) -> None:
    credentials.add_user("marit", PASSWORD, ASK)
    path.chmod(0o640)
    with pytest.raises(UsageError, match="chmod 600"):
        credentials.users()


@pytest.mark.parametrize("text", ["", "{}x", '{"users": {"a": {"password": "s3cret"}}}'])
def test_what_is_no_users_file_is_told_without_its_content(
    credentials: Credentials, path: Path, text: str
) -> None:
    path.parent.mkdir()
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(UsageError, match="not a users file") as caught:
        credentials.users()
    assert "s3cret" not in str(caught.value) + repr(caught.value.__cause__)


def test_a_token_stands_for_its_name_and_scopes_until_it_is_revoked(
    credentials: Credentials, path: Path
) -> None:
    token = credentials.add_token("laptop", ASK)
    other = Credentials(path)  # as the server has it open
    caller = other.token_caller(token)
    assert caller is not None
    assert (caller.name, caller.scopes) == ("token:laptop", frozenset(ASK))
    with pytest.raises(UsageError, match="there is a token"):
        credentials.add_token("laptop", ASK)
    credentials.revoke_token("laptop")
    assert other.token_caller(token) is None
    assert other.token_caller("") is None
    with pytest.raises(UsageError, match="no token"):
        credentials.revoke_token("laptop")


@pytest.mark.parametrize("name", ["", " a", "a ", "local", "LOCAL", "token:a", "a\nb", "x" * 129])
def test_some_names_cannot_be_taken(credentials: Credentials, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be a name"):
        credentials.add_user(name, PASSWORD, ASK)


@pytest.mark.parametrize("password", ["", "short", "x" * 1025])
def test_passwords_have_a_length(password: str) -> None:
    with pytest.raises(UsageError, match="10 to 1024 characters"):
        hash_password(password)


def test_a_password_is_right_or_wrong_and_nobodys_is_wrong() -> None:
    stored = hash_password(PASSWORD)
    assert stored != hash_password(PASSWORD)
    assert is_password(stored, PASSWORD)
    assert not is_password(stored, PASSWORD + "r")
    assert not is_password(stored, "")
    assert not is_password(None, PASSWORD)
    assert not is_password("no hash", PASSWORD)


def test_without_a_user_a_hash_is_checked_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the time would tell which names there are."""
    checked: list[str] = []

    class Hasher:
        def hash(self, password: str) -> str:
            return "$argon2id$nobody"

        def verify(self, stored: str, password: str) -> bool:
            checked.append(stored)
            return True

    monkeypatch.setattr("assistant.access.passwords._HASHER", Hasher())
    assert not is_password(None, PASSWORD)
    assert is_password("$argon2id$somebody", PASSWORD)
    assert len(checked) == 2


@pytest.fixture
def sessions(credentials: Credentials) -> Sessions:
    credentials.add_user("marit", PASSWORD, ASK)
    return Sessions(credentials, hours=1)


def begin(sessions: Sessions, credentials: Credentials) -> str:
    return sessions.begin("marit", credentials.users()["marit"])


def test_a_session_says_who_until_it_is_ended(sessions: Sessions, credentials: Credentials) -> None:
    one, two = (begin(sessions, credentials) for _ in range(2))
    assert one != two
    caller = sessions.caller(one)
    assert caller is not None and caller.name == "marit"
    sessions.end(one)
    assert sessions.caller(one) is None
    assert sessions.caller(two) is not None


def test_a_session_runs_out(
    sessions: Sessions, credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    value, now = begin(sessions, credentials), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3590)
    assert sessions.caller(value) is not None
    monkeypatch.setattr(time, "time", lambda: now + 3700)
    assert sessions.caller(value) is None
    assert sessions_module.COOKIE in sessions.cookie(value, secure=False)


def test_a_new_password_and_a_removed_user_end_sessions(
    sessions: Sessions, credentials: Credentials
) -> None:
    value = begin(sessions, credentials)
    assert not credentials.add_user("marit", PASSWORD, ASK)  # the same one, salted anew
    assert sessions.caller(value) is None
    value = begin(sessions, credentials)
    credentials.remove_user("marit")
    assert sessions.caller(value) is None


def test_a_forged_session_is_nobody(
    sessions: Sessions, credentials: Credentials, tmp_path: Path
) -> None:
    value = begin(sessions, credentials)
    elsewhere = Credentials(tmp_path / "other.json")
    elsewhere.add_user("marit", PASSWORD, ASK)
    forged = Sessions(elsewhere, hours=1).begin("marit", elsewhere.users()["marit"])
    for one in (forged, "", "x.y.z", value[:-2], "e30" + value[value.index(".") :]):
        assert sessions.caller(one) is None


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(sessions: Sessions) -> None:
    plain, secure = (sessions.cookie("v", secure=secure) for secure in (False, True))
    for wanted in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=3600"):
        assert wanted in plain
    assert "Secure" not in plain
    assert "Secure" in secure
    assert "Max-Age=0" in sessions.cookie("", secure=False)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    said: Any = capsys.readouterr()
    return code, said.out, said.err


def test_the_command_line_adds_lists_and_removes(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, said = told(capsys, "users", "list")
    assert code == 2 and "DATELINE_USERS_FILE" in said
    monkeypatch.setenv("DATELINE_USERS_FILE", str(path))
    code, _, said = told(capsys, "users", "list")
    assert code == 2 and "assistant users add" in said
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    code, out, said = told(capsys, "users", "add", "marit", "--scope", "manage")
    assert code == 0 and PASSWORD not in out + said
    assert told(capsys, "users", "list")[1] == "marit  ask,manage\n"
    code, token, said = told(capsys, "tokens", "add", "laptop")
    assert code == 0 and token.startswith("dl_") and "only its hash" in said
    assert Credentials(path).token_caller(token.strip()) is not None
    listed = told(capsys, "tokens", "list")[1]
    assert listed.startswith("laptop  ask  ") and token.strip() not in listed
    assert told(capsys, "tokens", "revoke", "laptop")[0] == 0
    assert told(capsys, "users", "remove", "marit")[0] == 0
    assert Credentials(path).is_empty()
    assert told(capsys, "users", "remove", "marit")[0] == 2
    assert told(capsys, "tokens", "add", "x", "--scope", "rule")[0] == 2


def test_two_who_write_at_once_lose_nothing(path: Path) -> None:
    names = [f"token-{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(lambda name: Credentials(path).add_token(name, ASK), names))
    assert len(set(tokens)) == len(names)
    assert sorted(Credentials(path).tokens()) == names
