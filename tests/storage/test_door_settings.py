"""Who may reach the board: no office stands open, or sends passwords in clear, by an oversight."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from storage.settings import Settings, SettingsUnreadable, load_settings

SIGN_IN = "[sign_in]\nrequired = true\n"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - the address that is to be refused
URL = 'base_url = "https://dondoc.example.vn"\n'
TLS = 'tls_certificate = "dondoc.pem"\ntls_key = "dondoc.key"\n'


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DONDOC_BASE_URL", "DONDOC_OIDC_SECRET"):
        monkeypatch.delenv(name, raising=False)


def loaded(home: Path, words: str) -> Settings:
    (home / "dondoc.toml").write_text(words, encoding="utf-8")
    return load_settings(home)


def test_an_empty_file_is_loopback_without_sign_in(tmp_path: Path) -> None:
    found = loaded(tmp_path, "")
    assert (found.network.listen, found.network.opened, found.sign_in.required) == ("127.0.0.1", False, False)
    assert found.names == ("127.0.0.1", "localhost")
    assert found.base_url == "http://127.0.0.1:4200"


@pytest.mark.parametrize(
    ("words", "code", "quoted"),
    [
        pytest.param(
            'listen = "0.0.0.0"', "settings_listen_without_sign_in", EVERYWHERE, id="open without sign-in"
        ),
        pytest.param(
            f'listen = "10.0.0.5"\n{URL}{SIGN_IN}', "settings_listen_in_clear", "10.0.0.5", id="no TLS"
        ),
        pytest.param(
            f'listen = "::"\n{TLS}base_url = "http://dondoc.example.vn"\n{SIGN_IN}',
            "settings_base_url_not_https",
            "http://dondoc.example.vn",
            id="letters would lead to http",
        ),
        pytest.param(
            f'behind_proxy = ["127.0.0.1"]\n{SIGN_IN}',
            "settings_base_url_not_https",
            "http://127.0.0.1:4200",
            id="a proxy, and the address it answers to is not named",
        ),
        pytest.param(
            f'behind_proxy = ["127.0.0.1"]\n{URL}',
            "settings_names_without_sign_in",
            "127.0.0.1",
            id="a proxy in front of a board without sign-in",
        ),
        pytest.param(
            'hosts = ["dondoc"]', "settings_names_without_sign_in", "dondoc", id="a name without sign-in"
        ),
        pytest.param('tls_key = "x.key"', "settings_tls_half", "tls_certificate", id="a key alone"),
        pytest.param('tls_certificate = "x.pem"', "settings_tls_half", "tls_key", id="a certificate alone"),
        pytest.param('listen = "may-chu"', "settings_listen_no_address", "may-chu", id="listen on a name"),
        pytest.param('hosts = ["*.example.vn"]', "settings_host_no_name", "*.example.vn", id="any host"),
        pytest.param('hosts = ["https://a.vn"]', "settings_host_no_name", "https://a.vn", id="an address"),
        pytest.param('hosts = "a.vn"', "settings_value_wrong", "a.vn", id="hosts that are no list"),
        pytest.param('behind_proxy = ["*"]', "settings_proxy_no_address", "*", id="any proxy"),
        pytest.param('behind_proxy = ["0.0.0.0/0"]', "settings_value_wrong", "0.0.0.0/0", id="all the world"),
        pytest.param('[sign_in]\nrequired = "yes"', "settings_value_wrong", "yes", id="no flag"),
        pytest.param("[sign_in]\nidle_hours = 0", "settings_value_wrong", "idle_hours", id="no time at all"),
        pytest.param("[sign_in]\nidle_hours = 13", "settings_idle_longer", "13", id="idle longer than all"),
        pytest.param("[sign_in]\nrequierd = true", "settings_key_unknown", "requierd", id="misspelt"),
        pytest.param(
            '[sign_in]\noidc_issuer = "https://sso.example.vn"',
            "settings_oidc_half",
            "oidc_client_id",
            id="a provider that does not know us",
        ),
        pytest.param(
            '[sign_in]\noidc_client_id = "a"\noidc_issuer = "http://sso.example.vn"',
            "settings_oidc_issuer",
            "http://sso.example.vn",
            id="a provider in clear",
        ),
    ],
)
def test_what_would_leave_the_door_open_is_refused(
    tmp_path: Path, words: str, code: str, quoted: str
) -> None:
    with pytest.raises(SettingsUnreadable) as refused:
        loaded(tmp_path, words)
    assert refused.value.code == code
    assert quoted in refused.value.params.values()


def test_open_to_the_office_with_its_own_certificate(tmp_path: Path) -> None:
    words = f'listen = "0.0.0.0"\nhosts = ["DonDoc", "10.0.0.5"]\n{TLS}{URL}{SIGN_IN}idle_hours = 0.5\n'
    found = loaded(tmp_path, words)
    assert found.network.opened
    assert found.network.tls_certificate == tmp_path / "dondoc.pem"
    assert found.names == ("127.0.0.1", "localhost", "dondoc.example.vn", "dondoc", "10.0.0.5")
    assert (found.sign_in.idle, found.sign_in.lasts) == (timedelta(minutes=30), timedelta(hours=12))


def test_open_behind_a_proxy_of_the_same_machine(tmp_path: Path) -> None:
    found = loaded(tmp_path, f'behind_proxy = ["127.0.0.1"]\n{URL}{SIGN_IN}')
    assert (found.network.opened, found.network.beyond_loopback) == (True, False)


def test_a_proxy_that_lets_only_links_of_letters_in_asks_for_no_sign_in(tmp_path: Path) -> None:
    found = loaded(tmp_path, URL)
    assert "dondoc.example.vn" not in found.names, "that proxy comes by the name of loopback"


def test_the_secret_of_single_sign_on_has_its_last_word_in_the_environment_and_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_OIDC_SECRET", "bi-mat-cua-may")
    oidc = 'oidc_issuer = "https://sso.example.vn"\noidc_client_id = "dondoc"\noidc_secret = "trong-tep"\n'
    found = loaded(tmp_path, SIGN_IN + oidc).sign_in.oidc
    assert found is not None
    assert found.secret == "bi-mat-cua-may"
    assert "bi-mat" not in repr(found)
