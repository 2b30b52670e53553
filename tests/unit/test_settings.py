import pytest

from auditapp.settings import Settings, SettingsError


def test_a_missing_secret_stops_the_start_and_says_what_to_do(tmp_path):
    with pytest.raises(SettingsError, match=r"SECRET_KEY is missing.*openssl rand"):
        Settings.from_environment({"DATA_DIR": str(tmp_path)})


def test_a_short_secret_is_as_good_as_none(tmp_path):
    with pytest.raises(SettingsError, match="shorter than 32"):
        Settings.from_environment({"DATA_DIR": str(tmp_path), "SECRET_KEY": "secret"})


def test_demo_mode_makes_its_own_secret_once(tmp_path):
    environment = {"DATA_DIR": str(tmp_path / "new"), "DEMO": "1"}

    first = Settings.from_environment(environment)
    second = Settings.from_environment(environment)

    assert len(first.secret_key) == 64
    assert first.secret_key == second.secret_key


def test_everything_lives_in_the_data_folder_unless_urls_say_otherwise(tmp_path):
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path), "DEMO": "1"})

    assert settings.database_url == f"sqlite:///{tmp_path}/auditapp.db"
    assert settings.storage_url == f"file://{tmp_path}/photos"
    assert settings.queue_url == f"sqlite:///{tmp_path}/queue.db"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_every_spelling_of_postgresql_uses_the_same_driver(tmp_path, scheme):
    settings = Settings.from_environment(
        {
            "DATA_DIR": str(tmp_path),
            "DEMO": "1",
            "DATABASE_URL": f"{scheme}://me@db/auditapp",
        }
    )

    assert settings.database_url == "postgresql+psycopg://me@db/auditapp"


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("DEMO", "maybe")])
def test_a_setting_that_makes_no_sense_is_named(tmp_path, name, value):
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({"DEMO": "1", "DATA_DIR": str(tmp_path), name: value})


def test_cookies_are_secure_outside_demo_mode(tmp_path):
    settings = Settings.from_environment(
        {"DATA_DIR": str(tmp_path), "SECRET_KEY": "x" * 32}
    )

    assert settings.is_behind_https
    assert not settings.is_demo
