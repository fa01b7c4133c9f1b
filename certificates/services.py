"""What other folders may do with certificates."""

from certificates.drawing import render_file, render_pending_files
from certificates.issuing import issue_certificate, issue_missing_certificates
from certificates.mailing import send_pending_mails

__all__ = [
    "issue_certificate",
    "issue_missing_certificates",
    "render_file",
    "render_pending_files",
    "send_pending_mails",
]
