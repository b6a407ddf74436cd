#!/usr/bin/python3
"""No capturing lambda or braced aggregate temporary in one full expression with co_await: GCC 12 destroys it twice."""

import re

import lint

LAMBDA = re.compile(r"(?<![\w\])\[])\[(?!\[)\s*[^\]\s][^\]]*\](?!\])")
STRUCTURED_BINDING = re.compile(r"\bauto\s*(?:const\s*)?&{0,2}\s*$")
# What stands before a brace that opens statements or members, not an initializer.
BODY = re.compile(
    r"(?:^|[;{}:)\]\"]|\b(?:else|do|try|const|noexcept|override|final|mutable)|\)\s*(?:mutable\s*)?->[^;{}()]*"
    r"|\b(?:namespace|struct|class|enum|union)\b[^;{}()=]*)$"
)
HEADER = re.compile(r"\s*(?:else\s+)?(?:if(?:\s+constexpr)?|while|for|switch)\s*\(")
# `Type name{…}` declares a variable; types of the standard library and Asio have constructors, except std::array.
DECLARATION = re.compile(r"^\s*(?!co_return|co_await|co_yield|return)[\w:]+(?:<.*>)?(?:\s*(?:const|&|\*))*\s+\w+\s*$", re.S)
CONSTRUCTED = re.compile(r"\b(?:std::(?!array\b|pair\b|to_array\b)|net::|boost::)[\w:]+(?:<[^{}()]*>)?\s*$|\b(?:u?int\d+_t|size_t)\s*$")


class Reader:
    """Cuts text into full expressions; the bodies of lambdas are expressions of their own."""

    def __init__(self, text):
        self.text = text
        self.at = 0
        self.found = []

    def block(self):
        """Statements up to the closing brace of this block."""
        start, expression, depth = self.at, "", 0
        while self.at < len(self.text):
            char = self.text[self.at]
            self.at += 1
            if char == "}":
                break
            if char == "{":
                body = BODY.search(expression.rstrip())
                if body and depth == 0:
                    self.keep(start, expression)
                    self.block()
                    start, expression = self.at, ""
                elif body:
                    self.block()
                    expression += "\x01"  # the body of a lambda within an expression
                else:
                    expression += self.braced(expression, depth)
                continue
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(char, 0)
            expression += char
            header_ends = char == ")" and depth == 0 and HEADER.match(expression)
            if (char == ";" and depth == 0) or header_ends:
                # The brace after a header is told by its parenthesis, which therefore stays in sight.
                self.keep(start, expression)
                start, expression = self.at, ")" if header_ends else ""
        self.keep(start, expression)

    def braced(self, before, depth):
        """An initializer as text: \x02…\x03 when it makes a temporary, blanks where it declares a variable."""
        temporary = not (depth == 0 and DECLARATION.match(before)) and not CONSTRUCTED.search(before)
        inner, nested = "", 0
        while self.at < len(self.text):
            char = self.text[self.at]
            self.at += 1
            if char == "}":
                break
            if char == "{":
                if BODY.search(inner.rstrip()) and inner.strip():
                    self.block()
                    inner += "\x01"
                else:
                    inner += self.braced(inner, 1)
                continue
            nested += {"(": 1, ")": -1}.get(char, 0)
            inner += char
        return f"\x02{inner}\x03" if temporary else f" {inner} "

    def keep(self, start, expression):
        if "co_await" in expression:
            self.found.append((start + len(expression) - len(expression.lstrip()), expression))


def captures(expression):
    return any(not STRUCTURED_BINDING.search(expression[: m.start()]) for m in LAMBDA.finditer(expression))


def check(root):
    for file in lint.code_files(root):
        text = lint.blank(file.read_text(encoding="utf-8"))
        if "co_await" not in text:
            continue
        text = re.sub(r"^[ \t]*#.*$", lambda match: " " * len(match.group(0)), text, flags=re.M)
        reader = Reader(text)
        while reader.at < len(text):
            reader.block()
        for offset, expression in reader.found:
            place = f"{file.relative_to(root).as_posix()}:{lint.line_of(text, offset)}"
            rule = "in one expression with co_await; give it a name on the line before"
            if captures(expression):
                yield f"{place}: a capturing lambda {rule}"
            if "\x02" in expression:
                yield f"{place}: a braced temporary {rule}"


SOUND = {
    "server/a.cpp": """
namespace nguon { namespace {
struct Page : Base { int a = 0; std::string text{"x"}; };
} // co_await store(Page{1});
net::awaitable<Result<Batch>> save(Services& services, NewBatch wanted)
{
    Batch const batch{new_id(), wanted.lot, services.clock.now()};
    auto work = [batch](db::Connection& c) -> Result<Batch> { return db::batches::insert(c, Batch{batch}); };
    if (auto r = co_await services.database.write(std::move(work)); !r) co_return Error{ErrorCode::invalid, "no"};
    auto const [first, second] = co_await both(list[first_of(x)]);
    for (auto i = 0; i < 3; ++i) { co_await timer.wait(std::chrono::seconds{5}); }
    auto loop = [&services]() -> net::awaitable<void> { co_await services.stop(); };
    switch (kind) { case Kind::a: { co_await one(); break; } default: co_await two([](int x) { return Page{x}; }); }
    Result<Page> page{co_await read_page()};
    co_await spawn("[x](y) { co_await z(Page{1}) }");
    while (co_await more()) list.push_back(Page{.a = 1});
    if (x) co_return co_await save(services, wanted);
    else co_return Page{1};
}
} // namespace nguon
"""
}


def in_function(statement):
    return {"server/b.cpp": "net::awaitable<void> f()\n{\n    before();\n    " + statement + "\n}\n"}


FAULTS = {
    "capturing lambda": in_function("co_await database.write([batch](auto& c) { return insert(c, batch); });"),
    "capture by reference": in_function("auto r = co_await database.read([&](auto& c) -> int { return 1; });"),
    "designated aggregate": in_function("co_await store(NewBatch{.gtin = gtin, .lot = lot});"),
    "aggregate around co_await": in_function("auto page = Page{.title = title, .items = co_await items()};"),
    "nameless aggregate": in_function("co_await store({gtin, lot});"),
    "returned aggregate": in_function("co_return Page{co_await items()};"),
    "in a condition": in_function("if (auto r = co_await store(Pair{a, b}); !r) co_return;"),
    "inside a lambda": in_function("auto f = [x]() -> net::awaitable<void> { co_await store(Page{1}); };"),
    "inside a called lambda": in_function("spawn([]() -> net::awaitable<void> { co_await store(Page{1}); });"),
    "called in place": in_function("co_await [x]() -> net::awaitable<void> { co_return; }();"),
    "after a block": in_function("if (x) { y(); } co_await store(Page{1});"),
}

if __name__ == "__main__":
    lint.run(check, FAULTS, SOUND)
