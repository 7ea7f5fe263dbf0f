"""Secrets of a compose project: made whole, given to whom they belong, rotated one at a time."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime

import pytest
from cryptography import x509

from chassis.identity import Principal, Signer, Verifier
from contracts.grants import logins
from deploy.compose import keyring, secrets
from ops.world import SERVICES

NOW = datetime(2024, 7, 3, tzinfo=UTC)


@pytest.fixture
def settings():
    return keyring.complete({})


def signed(settings, service: str) -> str:
    pair = settings["signing"][service]
    signer = Signer(service, pair["private"], keyring.key_id(service, pair))
    return signer.mint(Principal.service(service), NOW)


def test_given_nothing_when_completed_then_every_login_role_and_service_has_its_secrets(settings):
    assert {login.name for login in logins()} == set(settings["amqp"])
    assert set(keyring.ROLES) == set(settings["roles"])
    for name in ("seal_keys", "hash_keys", "signing"):
        assert set(SERVICES) == set(settings[name])


def test_given_secrets_when_completed_again_then_nothing_changes(settings):
    before = json.dumps(settings, sort_keys=True)
    assert before == json.dumps(keyring.complete(settings), sort_keys=True)


def test_given_a_signing_rotation_then_each_step_keeps_living_tokens_good(settings):
    first = signed(settings, "portal")
    keyring.announce_signing(settings, "portal")
    announced = Verifier(keyring.trusted(settings))
    keyring.switch_signing(settings, "portal")
    second = signed(settings, "portal")
    switched = Verifier(keyring.trusted(settings))
    for verifier in (announced, switched):
        assert ["service:portal"] * 2 == [verifier.verify(token, NOW).id for token in (first, second)]
    keyring.retire_signing(settings, "portal")
    retired = Verifier(keyring.trusted(settings))
    assert "service:portal" == retired.verify(second, NOW).id
    with pytest.raises(Exception, match="身份凭证无效"):
        retired.verify(first, NOW)


def test_given_no_next_key_when_switched_then_it_is_refused(settings):
    with pytest.raises(keyring.Refused, match="announce one"):
        keyring.switch_signing(settings, "portal")


def test_given_a_seal_rotation_then_the_new_key_is_first_and_the_old_one_goes_last(settings):
    old = settings["seal_keys"]["intake"]["k1"]
    keyring.rotate_seal(settings, "intake")
    assert (["k2", "k1"], old) == (list(settings["seal_keys"]["intake"]), settings["seal_keys"]["intake"]["k1"])
    keyring.retire_seal(settings, "intake")
    assert ["k2"] == list(settings["seal_keys"]["intake"])


def server_of(settings):
    return x509.load_pem_x509_certificate(settings["pagers"]["server"]["certificate"].encode())


def test_given_the_certificate_of_pagers_when_renewed_then_the_same_authority_signed_it_for_the_names_of_the_machine(
    settings, monkeypatch
):
    authority = x509.load_pem_x509_certificate(settings["pagers"]["authority"]["certificate"].encode())
    first = server_of(settings)
    monkeypatch.setattr(keyring, "PAGER_NAMES", ["pagers.example", "192.0.2.7"])
    keyring.renew_certificate(settings, "pagers")
    second = server_of(settings)
    for each in (first, second):
        each.verify_directly_issued_by(authority)
    names = second.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert (["pagers.example"], ["192.0.2.7"], False) == (
        names.get_values_for_type(x509.DNSName), [str(one) for one in names.get_values_for_type(x509.IPAddress)],
        first.serial_number == second.serial_number,
    )  # fmt: skip


def test_given_the_key_of_the_authority_then_no_file_beside_the_whole_holds_it(settings):
    key = settings["pagers"]["authority"]["key"].strip().splitlines()[1]
    assert ["world.json"] == [path for path, content in keyring.files(settings) if key in content]


def test_given_the_command_when_run_then_files_are_readable_in_a_closed_folder(tmp_path):
    folder = tmp_path / "secrets"
    assert 0 == secrets.main([], folder)
    assert (0o700, 0o444) == tuple(stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "intake/amqp_uri"))


@pytest.mark.parametrize("words", [["rotate", "database", "nobody"], ["rotate"], ["sing", "a", "song"]])
def test_given_an_order_that_makes_no_sense_when_given_then_it_is_refused_and_nothing_is_written(tmp_path, words):
    assert 1 == secrets.main(words, tmp_path / "secrets")
    assert not (tmp_path / "secrets").exists()


def test_given_what_nodes_share_when_rotated_then_it_is_another_and_nothing_else_changes(settings):
    with pytest.raises(keyring.Refused, match="where there are several"):
        keyring.rotate_node(settings, "cookie")
    settings.update(cookie="first", patroni="kept")
    keyring.rotate_node(settings, "cookie")
    assert (True, "kept") == (settings["cookie"] != "first", settings["patroni"])
    with pytest.raises(keyring.Refused, match="cookie and patroni"):
        keyring.rotate_node(settings, "grafana")
