import os
import stat

from config.launcher import environment


def test_dotenv_fills_in_what_is_not_set(tmp_path, monkeypatch):
    monkeypatch.setenv("LEEMA_SET", "outside")
    monkeypatch.delenv("LEEMA_QUOTED", raising=False)
    monkeypatch.delenv("LEEMA_EMPTY", raising=False)
    file = tmp_path / ".env"
    file.write_text('# LEEMA_NOTE=1\nLEEMA_SET=inside\n\nLEEMA_QUOTED = "a=b"\nLEEMA_EMPTY=\n')

    environment.read_dotenv(file)
    quoted = os.environ.pop("LEEMA_QUOTED")

    assert (os.environ["LEEMA_SET"], quoted) == ("outside", "a=b")
    assert "LEEMA_EMPTY" not in os.environ


def test_no_dotenv_is_fine(tmp_path):
    environment.read_dotenv(tmp_path / ".env")


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path):
    file = tmp_path / "var" / "secret_key"

    key = environment.secret_key(file)

    assert len(key) >= 50
    assert environment.secret_key(file) == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_secret_key_of_the_deployment_is_kept():
    told = environment.with_secret_key({"SECRET_KEY": "theirs"})

    assert told == {"SECRET_KEY": "theirs"}


def test_urls_of_the_deployment_win_over_the_embedded_servers(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/leema")
    monkeypatch.setenv("REDIS_URL", "")

    told = environment.with_servers(tmp_path)

    assert told["DATABASE_URL"] == "postgresql://db.example/leema"
    assert told["REDIS_URL"] == f"unix://{tmp_path}/valkey.sock"
