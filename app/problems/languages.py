"""The languages that problems are solved in, and those that they are told in."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Language:
    """One language: `monaco` is the editor's name for it, `time_factor` how much of a problem's time it is given."""

    key: str
    name: str
    file_name: str
    monaco: str
    time_factor: float


LANGUAGES = {
    language.key: language
    for language in (
        Language("python", "Python 3", "main.py", "python", 3.0),
        Language("cpp", "C++17", "main.cpp", "cpp", 1.0),
        Language("java", "Java", "Main.java", "java", 2.0),
        Language("javascript", "JavaScript (Node)", "main.js", "javascript", 2.0),
    )
}


def language_name(key: str) -> str:
    """The language with this key; one that nobody knows stands as it is."""
    return LANGUAGES[key].name if key in LANGUAGES else key


def judged_source(name: str, language: str, source: str) -> str:
    """The program as judges take it: in Java, its class is called Main."""
    own = PurePosixPath(name).stem
    if language != "java" or not own.isidentifier() or re.search(r"\bclass\s+Main\b", source):
        return source
    return re.sub(rf"\b{own}\b", "Main", source)


TONGUES = {
    "ar": "العربية",
    "bn": "বাংলা",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "et": "Eesti",
    "fa": "فارسی",
    "fi": "Suomi",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "is": "Íslenska",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "nb": "Norsk bokmål",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "pt": "Português",
    "ru": "Русский",
    "sv": "Svenska",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "zh": "中文",
}


RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}


def tongue(tag: str) -> str:
    """The language that people speak, by its tag and in its own words; the tag itself where it is not known.

    What follows the language in a tag, a region or script, tells it from others of that language.
    """
    key, *further = tag.lower().split("-")
    if key not in TONGUES:
        return tag
    parts = [part.upper() if len(part) == 2 else part.title() for part in further]
    return f"{TONGUES[key]} ({', '.join(parts)})" if parts else TONGUES[key]


def direction(tag: str) -> str:
    """The way in which a language is written, as HTML says it."""
    return "rtl" if tag.lower().split("-")[0] in RIGHT_TO_LEFT else "ltr"
