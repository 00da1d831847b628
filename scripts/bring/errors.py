"""Why a base model could not be brought. Each text says what to do."""


class CannotBring(Exception):
    """All of the reasons."""


class NotSuitable(CannotBring):
    """The trainer could not work on it: choose another model, or another variant."""


class NoAccess(CannotBring):
    """The hub shows it to nobody, or not to this user: mend the name, or sign in."""


class HubFailed(CannotBring):
    """No network, or the hub is in trouble: the same command goes on later."""


class Corrupt(CannotBring):
    """Bytes that are not those that the hub tells of, or not what their name says; they are thrown away."""


class NoRoom(CannotBring):
    """The disk is too small for the download, or takes nothing."""


class Occupied(CannotBring):
    """Where it shall go is something else, which is left as it is: name another place."""


class PlaceFailed(CannotBring):
    """The bucket or folder could not be read or written."""
