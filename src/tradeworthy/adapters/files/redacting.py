"""Taking secrets out of what is written down: by the name of the key, and out of addresses with passwords."""

import re
from collections.abc import Mapping
from typing import Any, Final

HIDDEN: Final = "***"

_SECRET_KEY: Final = re.compile(
    r"token|secret|passw|passphrase|authori[sz]ation|cookie|webhook|credential|(api|private|signing|access)[_\- ]?key"
    r"|(^|[_\-. ])keys?($|[_\-. ])",
    re.IGNORECASE,
)
_WORDS: Final = r"(?:[\w\-]*(?:token|secret|passw\w*|api[_\-]?key|signature)|(?:\w+[_\-])?key)"
_IN_TEXT: Final = (
    (re.compile(r"(\b[a-z][a-z0-9+.\-]*://[^\s/:@]*):[^\s]+@", re.IGNORECASE), rf"\1:{HIDDEN}@"),
    (re.compile(rf"([?&;]{_WORDS}=)[^&\s;\"']+", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(rf"(\b{_WORDS}[\"']?\s*[=:]\s*[\"']?)(?!//)[^\s,;\"'&]+", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"(\b(?:bearer|basic)\s+)[\w\-.=+/~]{6,}", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"(https?://[^\s/]*(?:hooks\.slack\.com|discord(?:app)?\.com|telegram\.org))/\S+"), rf"\1/{HIDDEN}"),
)


def is_secret(key: str) -> bool:
    """Whether a key of this name holds what nobody is to read."""
    return bool(_SECRET_KEY.search(key))


def redacted_text(text: str) -> str:
    """The text without passwords in addresses, tokens in queries and headers, and paths of webhooks."""
    for pattern, instead in _IN_TEXT:
        text = pattern.sub(instead, text)
    return text


def redacted(value: Any) -> Any:
    """The same inside nested mappings and lists; whatever stands under the name of a secret is hidden whole."""
    if isinstance(value, str):
        return redacted_text(value)
    if isinstance(value, Mapping):
        return {str(key): HIDDEN if _hides(key, one) else redacted(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(one) for one in value]
    return value


def _hides(key: object, value: object) -> bool:
    return value is not None and value != "" and is_secret(str(key))
