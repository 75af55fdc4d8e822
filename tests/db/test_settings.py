"""Settings: what a person can tell an installation, and what they read when it is wrong."""

from pathlib import Path

import pytest

from db.settings import Settings, SettingsError


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)
    monkeypatch.chdir(tmp_path)  # away from any .env


def test_with_nothing_set_it_is_embedded_local_and_on_the_loopback() -> None:
    settings = Settings.load()
    assert settings.embedded
    assert (settings.host, settings.port, settings.auth) == ("127.0.0.1", 8000, "local")
    assert settings.home == Path(".pgcrm")
    assert settings.max_upload_bytes == 256 * 1024 * 1024


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_ADMIN_URL", "DATABASE_WORKER_URL"])
def test_any_url_means_somebody_elses_database(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "postgresql://db.example/crm")
    assert not Settings.load().embedded


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("PGCRM_PORT", "http", "integer"),
        ("PGCRM_PORT", "70000", "65535"),
        ("PGCRM_WORKERS", "0", "greater than or equal to 1"),
        ("PGCRM_AUTH", "ldap", "'local' or 'supabase'"),
        ("PGCRM_POOL_SIZE", "-1", "greater"),
        ("PGCRM_MAX_UPLOAD_BYTES", "10MB", "integer"),
        ("PGCRM_STATEMENT_CACHE", "x", "integer"),
        ("PGCRM_CURSOR_SECRET", "short", "32"),
        ("DATABASE_URL", "mysql://db.example/crm", "postgresql://"),
        ("SUPABASE_URL", "project.supabase.co", "https://"),
    ],
)
def test_a_wrong_value_is_named_with_its_rule(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, rule: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=rule) as refused:
        Settings.load()
    assert str(refused.value).startswith(f"{name}: ")


def test_variables_of_everybody_are_not_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("PORT", "80")
    settings = Settings.load()
    assert (settings.home, settings.host, settings.port) == (Path(".pgcrm"), "127.0.0.1", 8000)


def test_what_a_command_says_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGCRM_PORT", "8200")
    assert Settings.load(port=8300).port == 8300


def test_all_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGCRM_PORT", "x")
    monkeypatch.setenv("PGCRM_WORKERS", "x")
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == ["PGCRM_PORT", "PGCRM_WORKERS"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "mysql://ada:hunter2@db.example/crm"), ("PGCRM_CURSOR_SECRET", "hunter2")],
)
def test_a_secret_is_never_repeated(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(refused.value.__cause__)


def test_supabase_needs_its_url_and_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGCRM_AUTH", "supabase")
    with pytest.raises(SettingsError, match="SUPABASE_URL and SUPABASE_ANON_KEY"):
        Settings.load()
    monkeypatch.setenv("SUPABASE_URL", "https://project.supabase.co/")
    monkeypatch.setenv("SUPABASE_ANON_KEY", "anon")
    with pytest.raises(SettingsError, match="SUPABASE_SERVICE_ROLE_KEY"):
        Settings.load()
    monkeypatch.setenv("SUPABASE_SERVICE_ROLE_KEY", "service-role")
    settings = Settings.load()
    assert settings.supabase_url == "https://project.supabase.co"
    assert "service-role" not in repr(settings)


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert Settings.load().embedded


def test_a_env_file_counts_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PGCRM_PORT=8100\nPGCRM_WORKERS=2\n")
    monkeypatch.setenv("PGCRM_PORT", "8200")
    settings = Settings.load()
    assert (settings.port, settings.workers) == (8200, 2)


def test_the_cursor_key_is_made_once_and_kept(tmp_path: Path) -> None:
    first = Settings.load(home=tmp_path / "home").cursor_key()
    assert len(first) >= 32
    assert Settings.load(home=tmp_path / "home").cursor_key() == first
    assert Settings.load(home=tmp_path / "other").cursor_key() != first
