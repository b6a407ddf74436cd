#include "core/epcis/vocabulary.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace nguon::epcis {
namespace {

constexpr Vocabulary all[] = {Vocabulary::biz_step,         Vocabulary::disposition,
                              Vocabulary::transaction_type, Vocabulary::source_destination_type,
                              Vocabulary::error_reason,     Vocabulary::component,
                              Vocabulary::measurement,      Vocabulary::sensor_alert};

TEST(Vocabulary, ReadsWhatItWritesInEverySpelling)
{
    for (auto const vocabulary : all) {
        ASSERT_FALSE(words_of(vocabulary).empty());
        EXPECT_TRUE(std::ranges::is_sorted(words_of(vocabulary)));
        for (auto const word : words_of(vocabulary)) {
            for (auto const spelling : {Spelling::bare, Spelling::urn, Spelling::web_uri}) {
                auto const found = recognise(vocabulary, spell(vocabulary, word, spelling));
                ASSERT_TRUE(found) << word;
                EXPECT_EQ(found->bare, word);
            }
        }
    }
}

TEST(Vocabulary, WritesTheSpellingsOfTheStandard)
{
    EXPECT_EQ(spell(Vocabulary::biz_step, "receiving", Spelling::urn), "urn:epcglobal:cbv:bizstep:receiving");
    EXPECT_EQ(spell(Vocabulary::biz_step, "receiving", Spelling::web_uri), "https://ref.gs1.org/cbv/BizStep-receiving");
    EXPECT_EQ(spell(Vocabulary::disposition, "active", Spelling::web_uri), "https://ref.gs1.org/cbv/Disp-active");
    EXPECT_EQ(spell(Vocabulary::transaction_type, "po", Spelling::urn), "urn:epcglobal:cbv:btt:po");
    EXPECT_EQ(spell(Vocabulary::measurement, "Temperature", Spelling::urn), "gs1:Temperature");
    EXPECT_EQ(spell(Vocabulary::measurement, "Temperature", Spelling::web_uri), "https://ref.gs1.org/voc/Temperature");
}

TEST(Vocabulary, KnowsItsSpellingsApart)
{
    EXPECT_EQ(recognise(Vocabulary::biz_step, "packing")->spelling, Spelling::bare);
    EXPECT_EQ(recognise(Vocabulary::biz_step, "urn:epcglobal:cbv:bizstep:packing")->spelling, Spelling::urn);
    EXPECT_EQ(recognise(Vocabulary::biz_step, "https://ref.gs1.org/cbv/BizStep-packing")->spelling, Spelling::web_uri);
    EXPECT_EQ(recognise(Vocabulary::biz_step, "cbv:BizStep-packing")->spelling, Spelling::web_uri);
    EXPECT_EQ(recognise(Vocabulary::measurement, "https://gs1.org/voc/Mass")->bare, "Mass");
}

TEST(Vocabulary, RefusesInventedWordsAndWordsOfOthers)
{
    for (auto const text :
         {"harvesting", "selling", "dispatching", "", ":", "Packing", "packing ", "active",
          "urn:epcglobal:cbv:bizstep:", "urn:epcglobal:cbv:bizstep:harvesting", "urn:epcglobal:cbv:disp:packing",
          "urn:epcglobal:cbv:bizsteppacking", "https://ref.gs1.org/cbv/BizStep-",
          "https://ref.gs1.org/cbv/Disp-packing", "https://example.org/cbv/BizStep-packing", "gs1:packing"})
        EXPECT_FALSE(recognise(Vocabulary::biz_step, text)) << text;
}

TEST(Vocabulary, ComparesAcrossSpellings)
{
    EXPECT_TRUE(same_word(Vocabulary::disposition, "recalled", "urn:epcglobal:cbv:disp:recalled"));
    EXPECT_TRUE(same_word(Vocabulary::disposition, "https://a.vn/x", "https://a.vn/x"));
    EXPECT_FALSE(same_word(Vocabulary::disposition, "recalled", "returned"));
    EXPECT_FALSE(same_word(Vocabulary::disposition, "recalled", "https://a.vn/recalled"));
}

TEST(Vocabulary, TurnsUrnsOfEveryVocabularyIntoWebUris)
{
    EXPECT_EQ(web_uri_of_urn("urn:epcglobal:cbv:er:incorrect_data"), "https://ref.gs1.org/cbv/ER-incorrect_data");
    EXPECT_EQ(web_uri_of_urn("urn:epcglobal:cbv:bt:5200001000008:4711"), std::nullopt);
    EXPECT_EQ(web_uri_of_urn("urn:epcglobal:cbv:"), std::nullopt);
    EXPECT_EQ(web_uri_of_urn("packing"), std::nullopt);
}

} // namespace
} // namespace nguon::epcis
