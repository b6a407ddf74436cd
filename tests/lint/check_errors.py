#!/usr/bin/python3
"""Every error that the sources raise has a sentence, every sentence of an error is raised, and it helps its reader."""

import re

import check_locale
import lint

FOLDER = check_locale.FOLDER
# Catalogues that hold nothing but errors; those of others are errors when the sources raise them.
ERROR_FILES = re.compile(r"(?:errors_\w+|records)\.vi\.json$")
KEY = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")
# What stands in a statement that raises an error.
RAISES = re.compile(
    r"\b(?:invalid(?:_fields)?|conflict|not_found|forbidden|unavailable|ErrorCode|warnings|refus\w+|fail\w*"
    r"|\w*fault\w*|\w*error\w*)\b",
    re.I,
)
# Names of settings, which stand in such statements too.
NO_KEYS = {"tls.key", "tls.certificate"}
# The connector's codes are told as "sync.code.CODE".
PREFIXES = ("", "sync.code.")
# "config.*" stand behind the name of a setting: parts of a sentence.
PARTS = "config."
# Words of a sentence that says what is right or what to do next.
ADVICE = re.compile(
    r"\b(?:hãy|xin|phải|cần|chỉ|tối đa|ít nhất|ví dụ|kiểm tra|nên|xem|chọn|đặt|dừng|chờ|không được|sẽ)\b", re.I
)


def statement_before(text, offset):
    return re.split(r";|\n\n|\n\}|\{\n", text[max(0, offset - 200) : offset])[-1]


def raised_keys(root):
    """key -> places, for literals in statements that raise an error; and every literal of the sources."""
    raised, literals = {}, set()
    for file in lint.code_files(root, under=[folder for folder in lint.CODE_FOLDERS if folder != "tests"]):
        text = file.read_text(encoding="utf-8")
        for offset, content in lint.literals(text):
            literals.add(content)
            if KEY.fullmatch(content) and content not in NO_KEYS and RAISES.search(statement_before(text, offset)):
                place = f"{file.relative_to(root).as_posix()}:{lint.line_of(text, offset)}"
                raised.setdefault(content, []).append((place, text, offset))
    return raised, literals


def values_given(text, offset):
    """How many values stand in braces behind the key; None where they come from elsewhere."""
    end = text.index('"', offset + 1) + 1
    direct = re.search(r"\b(?:invalid|conflict|not_found|forbidden)\(\s*$", text[:offset])
    if not direct:
        return None
    rest = text[end:]
    if re.match(r"\s*\)", rest):
        return 0
    if not (opening := re.match(r"\s*,\s*\{", rest)):
        return None
    depth, count = 1, 0
    inner = lint.blank(rest[opening.end() :])
    for at, char in enumerate(inner):
        if char in "({[":
            depth += 1
        elif char in ")}]":
            depth -= 1
            if depth == 0:
                return count + 1 if inner[:at].strip() else 0
        elif char == "," and depth == 1:
            count += 1
    return None


def is_used(key, literals):
    """As it stands, or put together at one of its dots."""
    if key in literals:
        return True
    return any(
        {key[:at], key[: at + 1]} & literals and {key[at + 1 :], key[at:]} & literals
        for at, char in enumerate(key)
        if char == "."
    )


def check_sentence(key, language, sentence):
    if key.startswith(PARTS):
        return
    if not sentence.endswith((".", "?")):
        yield f"{key} ({language}) does not end with a full stop"
    if sentence[:1].islower() and not sentence.startswith("nguon "):
        yield f"{key} ({language}) does not begin with a capital"
    if language == "vi" and not ADVICE.search(sentence):
        yield f"{key} ({language}) does not say what to do: {sentence}"


def check(root):
    catalogues, errors = {"vi": {}, "en": {}}, set()
    for language, known in catalogues.items():
        for path in lint.files(root, f"{language}.json", under=(FOLDER,)):
            entries = check_locale.read(path)[0]
            known.update(entries)
            if ERROR_FILES.search(path.name):
                errors |= entries.keys()
    raised, literals = raised_keys(root)
    sentences = catalogues["vi"]

    for key, places in sorted(raised.items()):
        if not any(prefix + key in sentences for prefix in PREFIXES):
            yield f"{places[0][0]}: raises {key}, which has no sentence"
        for place, text, offset in places:
            slots = {int(slot) for slot in re.findall(r"\{(\d)\}", sentences.get(key, ""))}
            given = values_given(text, offset)
            if given is not None and slots and max(slots) >= given:
                yield f"{place}: {key} says {{{max(slots)}}}, but gets {given} values"
    for key in sorted(errors):
        if not is_used(key, literals):
            yield f"{FOLDER}: {key} is never raised"
    for language, known in catalogues.items():
        for key in sorted((errors | raised.keys()) & known.keys()):
            for fault in check_sentence(key, language, known[key]):
                yield f"{FOLDER}: {fault}"


def tree(source, vietnamese='"a.b": "Lô {0} sai. Hãy sửa."', english='"a.b": "Batch {0} is wrong. Mend it."'):
    return {
        "core/a.cpp": source,
        f"{FOLDER}/errors_core.vi.json": "{" + vietnamese + "}",
        f"{FOLDER}/errors_core.en.json": "{" + english + "}",
    }


GOOD = 'Status a() { return invalid("a.b", {text_of(1, 2)}); }\n'
SOUND = tree(GOOD)
FAULTS = {
    "no sentence": tree(GOOD + 'Status b() { return conflict("a.c"); }\n'),
    "no sentence for a field": tree(GOOD + 'void b() { faults.push_back({"/x", "a.c", {}}); }\n'),
    "no sentence for a helper": tree(GOOD + 'void b() { fault(name, late ? "a.b" : "a.c"); }\n'),
    "never raised": tree("int a;\n"),
    "value missing": tree('Status a() { return invalid("a.b"); }\n'),
    "values too few": tree(GOOD, '"a.b": "Lô {1} sai. Hãy sửa."', '"a.b": "Batch {1} is wrong."'),
    "no full stop": tree(GOOD, '"a.b": "Lô {0} sai. Hãy sửa"'),
    "no full stop in English": tree(GOOD, english='"a.b": "Batch {0} is wrong"'),
    "no capital": tree(GOOD, '"a.b": "lô {0} sai. Hãy sửa."'),
    "no advice": tree(GOOD, '"a.b": "Lô {0} sai."'),
}

if __name__ == "__main__":
    lint.run(check, FAULTS, SOUND)
