"""The software signer over the register of institutions, and the centre's own signature with the certificate ``EPC`` of the day."""

from collections.abc import Callable
from datetime import datetime

from gongji.base.signing import Signer, SigningKey, SoftwareSigner
from gongji.base.times import day_in_china
from gongji.gateway.epc.envelope import Signing
from gongji.providers.values import ProviderBook

PLATFORM_CODE = "EPC"


def register_signer(book: Callable[[], ProviderBook]) -> SoftwareSigner:
    """Signs with the private keys that the register holds sealed and the book holds open."""

    def load(serial: str) -> SigningKey | None:
        certificate = book().certificate_of(serial)
        return SigningKey(certificate.public_key, certificate.private_key) if certificate else None

    return SoftwareSigner(load)


def centre_signing(book: ProviderBook, signer: Signer, at: datetime) -> Signing | None:
    """How the centre signs now; None without a certificate of the day or a key for it."""
    certificate = book.certificate(PLATFORM_CODE, day_in_china(at))
    if certificate is None or not signer.holds(certificate.serial):
        return None
    serial = certificate.serial
    return lambda text, user_id: signer.sign(serial, text, user_id)
