"""TLS with real certificates: refused with a sentence when expired, renewed without a restart (security, I11)."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from console.client.link import LinkState, Refusal
from console.station.clock import MovedClock
from console.station.folder import DataFolder
from console.station.http_server import Address
from console.station.service import Settings, Station
from tests.console.client.console import Console
from tests.console.station.house import House

KEY = ec.generate_private_key(ec.SECP256R1())


def write(folder: Path, until: datetime) -> None:
    """A certificate of 127.0.0.1 that signs itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "station")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=90))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(KEY, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """A station behind a certificate that has expired."""
    monkeypatch.setattr("console.station.duties._TICK_S", 3600.0)
    write(tmp_path, datetime.now(UTC) - timedelta(days=1))
    settings = Settings(
        folder=DataFolder(tmp_path / "data"),
        database_url=None,
        dc09=Address("127.0.0.1", 0),
        http=Address("127.0.0.1", 0),
        tls_cert=tmp_path / "cert.pem",
        tls_key=tmp_path / "key.pem",
    )
    clock = MovedClock(datetime.now(UTC))
    station = Station(settings, clock)
    house = House(station, clock, *await station.start())
    try:
        await house.staff("claes")
        yield house
    finally:
        await house.leave()


def url(house: House) -> str:
    return f"https://{house.http}"


async def test_an_expired_certificate_is_a_sentence_on_both_sides_and_a_new_one_is_taken_while_it_runs(
    house: House, tmp_path: Path
) -> None:
    assert "TLS certificate expired on" in house.station.beat().findings[0]
    console = Console(url(house), ca=tmp_path / "cert.pem")
    with pytest.raises(Refusal) as refused:
        await console.sign_in()
    assert "is not accepted: certificate has expired" in refused.value.body.sentence
    await console.link.close()

    write(tmp_path, datetime.now(UTC) + timedelta(days=60))
    assert house.station.certificate is not None
    house.station.certificate.look()
    assert house.station.beat().findings == ()
    console = Console(url(house), ca=tmp_path / "cert.pem")
    await console.sign_in()
    await console.until(lambda: console.link.state is LinkState.LINKED, "linked over TLS")
    await console.link.close()
    house.clock.move(50 * 24 * 3600)
    assert any("TLS certificate expires on" in finding for finding in house.station.beat().findings)


async def test_a_half_written_certificate_is_told_and_the_old_one_served_on(house: House, tmp_path: Path) -> None:
    write(tmp_path, datetime.now(UTC) + timedelta(days=60))
    assert house.station.certificate is not None
    house.station.certificate.look()
    (tmp_path / "cert.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nMIIB")
    house.station.certificate.look()
    assert "new TLS certificate cannot be used" in house.station.beat().findings[0]
    write(tmp_path, datetime.now(UTC) + timedelta(days=60))
    house.station.certificate.look()
    assert house.station.beat().findings == ()


async def test_a_console_without_the_stations_ca_does_not_sign_in(house: House) -> None:
    console = Console(url(house))
    with pytest.raises(Refusal, match="is not accepted"):
        await console.sign_in()
    await console.link.close()
