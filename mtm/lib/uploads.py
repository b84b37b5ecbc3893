"""Uploads: passed over everywhere but where a view takes them, and refused where they are larger than they may be."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

TOO_LARGE = "The files are too large to be sent this way; use the load command on the server, or the plan's inbox."
TOO_MANY = f"These are more than {settings.DATA_UPLOAD_MAX_NUMBER_FILES} files; put them into one zip archive."


class NoFiles(FileUploadHandler):
    """The handler of every page that asks for no file."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def takes_files(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view may be sent files; they go to disk piece by piece while they arrive."""

    @csrf_exempt
    @wraps(view)
    def taking(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        take_files(request)
        try:
            return csrf_protect(view)(request, *args, **kwargs)
        except TooManyFilesSent:
            return HttpResponse(TOO_MANY, status=422, content_type="text/plain")

    return taking


def take_files(request: HttpRequest) -> None:
    """Settles which handler reads, which must be before anyone looks into the body, for the CSRF token say."""
    Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True)
    request.upload_handlers = [TemporaryFileUploadHandler(request)]


def too_large(request: HttpRequest) -> bool:
    """By what the request says of itself; the server hands on no byte more than that."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return not said.isdecimal() or int(said) > settings.UPLOAD_BYTES
