#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nguon::epcis {
namespace {

std::string file_text(std::string const& path)
{
    std::ifstream file{std::string{NGUON_SOURCE_DIR} + "/" + path};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(EpcisCatalogue, HasASentenceForEveryFaultInBothLanguages)
{
    auto const vi = nlohmann::json::parse(file_text("server/web/locale/errors_epcis.vi.json"));
    auto const en = nlohmann::json::parse(file_text("server/web/locale/errors_epcis.en.json"));
    std::set<std::string> used;
    std::regex const key{"\"((?:epcis|event)\\.[a-z_]+)\""};
    for (auto const name : {"context", "event_reader", "json", "validate", "templates"}) {
        auto const text = file_text("core/epcis/" + std::string{name} + ".cpp");
        ASSERT_FALSE(text.empty()) << name;
        for (std::sregex_iterator at{text.begin(), text.end(), key}, end; at != end; ++at) used.insert((*at)[1]);
    }
    for (auto const& one : used) {
        EXPECT_TRUE(vi.contains(one)) << one;
        EXPECT_TRUE(en.contains(one)) << one;
    }
    for (auto const& [one, sentence] : vi.items()) {
        EXPECT_TRUE(used.contains(one)) << one;
        for (auto const word : {"GTIN", "GLN", "SSCC", "EPCIS", "bizStep"})
            EXPECT_EQ(sentence.get<std::string>().find(word), std::string::npos) << one;
    }
}

} // namespace
} // namespace nguon::epcis
