"""What can go wrong with stored files."""


class StorageError(Exception):
    """Something about a stored file."""


class ObjectMissing(StorageError):  # noqa: N818 - says what happened
    """There is no such object."""


class ObjectExists(StorageError):  # noqa: N818 - says what happened
    """There is an object at that path already."""


class ObjectTooLarge(StorageError):  # noqa: N818 - says what happened
    """The object is larger than its bucket allows."""


class TypeNotAllowed(StorageError):  # noqa: N818 - says what happened
    """The bucket does not take this type of file."""


class StorageUnavailable(StorageError):  # noqa: N818 - says what happened
    """The storage does not answer, or answers with a failure of its own."""
