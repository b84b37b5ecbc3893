import hashlib
import json

from django.conf import settings

LISTED = json.loads((settings.BASE_DIR / "static/vendor/vendored.json").read_text())


def test_vendored_files_are_the_ones_that_were_chosen():
    files = [file for package in LISTED.values() for file in package]
    changed = [file["to"] for file in files if _sha256(file["to"]) != file["sha256"]]
    assert not changed


def test_every_font_has_its_origin_listed():
    listed = {file["to"] for package in LISTED.values() for file in package}
    fonts = {str(path.relative_to(settings.BASE_DIR)) for path in (settings.BASE_DIR / "static/fonts").iterdir()}
    assert fonts <= listed


def _sha256(path):
    return hashlib.sha256((settings.BASE_DIR / path).read_bytes()).hexdigest()
