"""Why a backup, a restore or a drill did not succeed, in Chinese for whoever started it."""

from shared.errors import CannotStart


class BackupFailed(CannotStart):
    """A backup was not made, or not restored: nothing half is there."""


class Torn(BackupFailed):
    """A file of a backup is missing, torn or not what was written; the sentence names it."""


class NotEmpty(BackupFailed):
    """A store has records that a restore would overwrite."""
