"""A certificate authority for tests: keys from seeded primes, so that every run writes the same bytes and no private key is kept."""

import random
from datetime import datetime, timezone
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from scheme import NOW


def is_prime(number, source):
    for small in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        if number % small == 0:
            return number == small
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(20):
        power = pow(source.randrange(2, number - 1), odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = pow(power, 2, number)
            if power == number - 1:
                break
        else:
            return False
    return True


@cache
def key(name):
    source = random.Random(f"gatepost {name}")
    primes = []
    while len(primes) < 2:
        candidate = source.getrandbits(1024) | 1 << 1023 | 1 << 1022 | 1
        if candidate % 65537 != 1 and is_prime(candidate, source):
            primes.append(candidate)
    p, q = sorted(primes, reverse=True)
    d = pow(65537, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q), rsa.RSAPublicNumbers(65537, p * q))
    return numbers.private_key()


def moment(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc)


YEAR = 365 * 86400


def certificate(name, common_name, issuer=None, start=NOW - YEAR, end=NOW + YEAR, authority=False, names=None, path=None):
    """`issuer`: (key's name, common name); None: signs itself."""
    issuer_key, issuer_name = issuer or (name, common_name)
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"), x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    by = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"), x509.NameAttribute(NameOID.COMMON_NAME, issuer_name)])
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(by).public_key(key(name).public_key())
        .serial_number(int.from_bytes(common_name.encode()[:12], "big") + start % 1000)
        .not_valid_before(moment(start)).not_valid_after(moment(end))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=path), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key(name).public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key(issuer_key).public_key()), critical=False)
        .add_extension(x509.KeyUsage(
            digital_signature=not authority, content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
            key_cert_sign=authority, crl_sign=authority, encipher_only=False, decipher_only=False), critical=True))
    if not authority:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names or [common_name]]), critical=False)
    made = builder.sign(key(issuer_key), hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


def signature(name, text, hash="sha256"):
    return key(name).sign(text, padding.PKCS1v15(), {"sha1": hashes.SHA1(), "sha256": hashes.SHA256()}[hash])


ROOT = ("root", "Gatepost Test Root")
SUB = ("sub", "Gatepost Test Issuing")


@cache
def root():
    return certificate(*ROOT, authority=True)


@cache
def sub():
    return certificate(*SUB, issuer=ROOT, authority=True, path=0)


@cache
def stranger():
    return certificate("stranger root", "Gatepost Test Root", authority=True)
