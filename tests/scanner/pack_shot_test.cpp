#include "scanner/pack_shot.hpp"

#include "scanner/picture.hpp"

#include <gtest/gtest.h>

namespace nguon::scanner {
namespace {

constexpr PackKind kinds[] = {PackKind::tea_tin,   PackKind::tea_pouch,   PackKind::rice_bag,
                              PackKind::honey_jar, PackKind::noodle_pack, PackKind::macadamia_box,
                              PackKind::herb_jar,  PackKind::jerky_pouch, PackKind::carton};

TEST(PackShot, DrawsEveryKindAsAPhotographWeAccept)
{
    for (auto const kind : kinds) {
        auto const bytes = draw_pack_shot({kind, "Chè Ô Long Bản Bo – hái tay", "HTX Chè Bản Bo", "100 g", 3});
        auto const header = read_picture_header(bytes);
        ASSERT_TRUE(header.ok());
        EXPECT_EQ(header->format, PictureFormat::jpeg);
        EXPECT_EQ(header->width, 1280U);
        EXPECT_EQ(header->height, 1280U);
    }
}

TEST(PackShot, IsTheSameForTheSameSeedOnly)
{
    PackShot shot{PackKind::rice_bag, "Gạo Séng Cù", "HTX Than Uyên", "5 kg", 1};
    auto const first = draw_pack_shot(shot);
    EXPECT_EQ(first, draw_pack_shot(shot));
    shot.seed = 2;
    EXPECT_NE(first, draw_pack_shot(shot));
}

TEST(PackShot, TakesLongAndEmptyNames)
{
    for (auto const kind : kinds) {
        EXPECT_FALSE(draw_pack_shot({kind, "", "", "", 0}).empty());
        EXPECT_FALSE(draw_pack_shot({kind, std::string(400, 'W'), std::string(200, 'M'), "", 0}).empty());
    }
}

} // namespace
} // namespace nguon::scanner
