"""What the administrators' site of every app shares, and the page of the audit log."""

from core.admin import audit_log as audit_log
from core.admin.decisions import DecidedAdmin
from core.admin.rows import AuditedAdmin, ReadOnlyAdmin, change_url, moment, tenge

__all__ = ["AuditedAdmin", "DecidedAdmin", "ReadOnlyAdmin", "change_url", "moment", "tenge"]
