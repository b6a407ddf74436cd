#!/usr/bin/python3
"""vi.json and en.json hold the same keys with the same slots; standards' words stay under "technical." in Vietnamese."""

import json
import re

import lint

FOLDER = "server/web/locale"
TECHNICAL = re.compile(r"\b(?:GTIN|GLN|SSCC|EPCIS|biz_?Step)s?\b", re.I)
SLOT = re.compile(r"\{\{?[^{}]*\}\}?|%[sd]")


def read(path):
    """Flat {key: text} of a catalogue, and its faults."""
    faults = []

    def pairs(items):
        names = [name for name, _ in items]
        faults.extend(f"{name} stands twice" for name in sorted(set(names)) if names.count(name) > 1)
        return dict(items)

    def flatten(value, key):
        if isinstance(value, dict):
            return {k: v for name, inner in value.items() for k, v in flatten(inner, f"{key}.{name}" if key else name).items()}
        return {key: value}

    try:
        return flatten(json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=pairs), ""), faults
    except ValueError as error:
        return {}, [f"cannot be read: {error}"]


def check(root):
    for path in lint.files(root, "vi.json", under=(FOLDER,)):
        other = path.with_name(path.name.replace("vi.json", "en.json"))
        name, other_name = path.relative_to(root).as_posix(), other.relative_to(root).as_posix()
        if not other.exists():
            yield f"{other_name}: is missing"
            continue
        (vietnamese, faults), (english, more) = read(path), read(other)
        yield from (f"{name}: {fault}" for fault in faults)
        yield from (f"{other_name}: {fault}" for fault in more)
        yield from (f"{other_name}: lacks {key}" for key in sorted(vietnamese.keys() - english.keys()))
        yield from (f"{name}: lacks {key}" for key in sorted(english.keys() - vietnamese.keys()))
        for key in sorted(vietnamese.keys() & english.keys()):
            texts = vietnamese[key], english[key]
            if not all(isinstance(text, str) and text.strip() for text in texts):
                yield f"{name}: {key} is empty or no text"
            elif set(SLOT.findall(texts[0])) != set(SLOT.findall(texts[1])):
                yield f"{name}: {key} has other slots than in English"
            elif not key.startswith("technical.") and (word := TECHNICAL.search(texts[0])):
                yield f"{name}: {key} says {word.group(0)}; such words stand under technical. only"
    for path in lint.files(root, "en.json", under=(FOLDER,)):
        if not path.with_name(path.name.replace("en.json", "vi.json")).exists():
            yield f"{path.relative_to(root).as_posix()}: has no Vietnamese beside it"


def pair(vietnamese, english):
    return {f"{FOLDER}/vi.json": vietnamese, f"{FOLDER}/en.json": english}


SOUND = pair(
    '{"a.b": "Lô {0}", "technical.gtin": "GTIN", "c": {"d": "Mã vạch"}}',
    '{"a.b": "Batch {0}", "technical.gtin": "GTIN", "c": {"d": "GTIN"}}',
)
FAULTS = {
    "key missing in English": pair('{"a": "x", "b": "y"}', '{"a": "x"}'),
    "key missing in Vietnamese": pair('{"a": "x"}', '{"a": "x", "b": "y"}'),
    "empty text": pair('{"a": " "}', '{"a": "x"}'),
    "key twice": pair('{"a": "x", "a": "y"}', '{"a": "x"}'),
    "slots differ": pair('{"a": "Lô"}', '{"a": "Batch {0}"}'),
    "technical word": pair('{"a": "Mã GTIN"}', '{"a": "GTIN"}'),
    "technical word in a nested key": pair('{"a": {"b": "bizStep"}}', '{"a": {"b": "x"}}'),
    "not JSON": pair("{", "{}"),
    "catalogue alone": {f"{FOLDER}/help_en.json": "{}"},
}

if __name__ == "__main__":
    lint.run(check, FAULTS, SOUND)
