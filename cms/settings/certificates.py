"""Keys that sign certificates, where their private halves lie, and whether certificates go out by e-mail.

See "Certificate keys" and "Certificates by e-mail" in docs/operator.md.
"""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from cms.settings.env import DATA_DIR, env

CERTIFICATE_KEYS_DIR = Path(env.str("CERTIFICATE_KEYS_DIR", default=str(DATA_DIR / "keys")))
CERTIFICATE_KEYS_PASSPHRASE = env.str("CERTIFICATE_KEYS_PASSPHRASE", default="").rstrip("\r\n")
# A key and certificate from elsewhere for the PDFs' signature, as PKCS#12 or PEM; otherwise we make our own.
CERTIFICATE_PKCS12 = env.str("CERTIFICATE_PKCS12", default="")
CERTIFICATE_PKCS12_PASSWORD = env.str("CERTIFICATE_PKCS12_PASSWORD", default="").rstrip("\r\n")

CERTIFICATE_MAIL = env.str("CERTIFICATE_MAIL", default="off").strip().lower()
if CERTIFICATE_MAIL not in ("off", "link", "pdf"):
    raise ImproperlyConfigured("CERTIFICATE_MAIL is off, link (to the certificate's page) or pdf (attached as well).")
