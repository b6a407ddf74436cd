#include "tests/core/http/framing_corpus.hpp"

#include "core/bytes.hpp"

#include <iostream>

#include <nlohmann/json.hpp>

/// The messages that the guard must refuse, one JSON object a line, for tests that are not written in C++.
int main()
{
    for (auto const& message : nguon::testing::refused_messages()) {
        nlohmann::json const line{
            {"name", message.name}, {"hex", nguon::to_hex(message.bytes)}, {"status", message.status}};
        std::cout << line.dump() << '\n';
    }
}
