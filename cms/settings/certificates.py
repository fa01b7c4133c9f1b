"""Keys that sign certificates: where their private halves lie. See "Certificate keys" in docs/operator.md."""

from pathlib import Path

from cms.settings.env import DATA_DIR, env

CERTIFICATE_KEYS_DIR = Path(env.str("CERTIFICATE_KEYS_DIR", default=str(DATA_DIR / "keys")))
CERTIFICATE_KEYS_PASSPHRASE = env.str("CERTIFICATE_KEYS_PASSPHRASE", default="").rstrip("\r\n")
# A key and certificate from elsewhere for the PDFs' signature, as PKCS#12 or PEM; otherwise we make our own.
CERTIFICATE_PKCS12 = env.str("CERTIFICATE_PKCS12", default="")
CERTIFICATE_PKCS12_PASSWORD = env.str("CERTIFICATE_PKCS12_PASSWORD", default="").rstrip("\r\n")
