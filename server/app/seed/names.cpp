#include "server/app/seed/names.hpp"

#include "core/fold.hpp"
#include "core/gs1/check_digit.hpp"
#include "core/model/identifiers.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace nguon::server::app::seed {
namespace {

/// The words of one group's names, apart by spaces.
struct People {
    std::string_view key;
    std::string_view families;
    std::string_view men;
    std::string_view women;
    std::string_view man = "Văn";
    std::string_view woman = "Thị";
};

constexpr std::array peoples{
    People{"thai", "Lò Lường Quàng Tòng Điêu Hoàng Cà", "Xôm Pâng Hặc Chựa Phanh Ín Ơn Thoan Biên Dọn",
           "Ọi Panh Chiêm Tâm Hiêng Phấng Liên Yêu Doan Pỏm"},
    People{"hmong", "Giàng Sùng Thào Mùa Hảng Lầu Vừ", "Páo Chu Lử Tủa Sử Dơ Súa Vàng Khua Chống",
           "Mỷ Sàng Dua Ca Dở Pàng Chá Xay Mái Sung", "A"},
    People{"giay", "Vàng Lù Lý Phan Hoàng Nông Vùi", "Sín Hỏa Phù Dín Nghì Chấn Pao Kíu Sảng Phàng",
           "Mây Nghề Dảu Sửi Phồng Lèng Chương Nhìn Sen Coóng"},
    People{"kinh", "Nguyễn Trần Phạm Đỗ Vũ Bùi Đặng", "Thịnh Khang Lâm Quyết Vinh Hải Tuyên Bằng Chiến Dũng",
           "Hường Thoa Nhàn Vân Lụa Ngát Thảo Duyên Hạnh Xuyến"},
    People{"hanhi", "Lỳ Pờ Chu Phùng Ly Khoàng Sừng", "Hừ Chừ Lòng Go Phạ Cà Tư Hà Xá Pứ",
           "Mé Xó Hừ Pư Nu Phì Sú Bê Khừ Lé", "Xè", "Gió"},
};

std::string_view pick_word(Chance& chance, std::string_view words)
{
    auto skip = chance.between(0, std::ranges::count(words, ' '));
    while (skip-- > 0) words.remove_prefix(words.find(' ') + 1);
    return words.substr(0, words.find(' '));
}

People const& people_of(std::string_view key)
{
    for (auto const& people : peoples)
        if (people.key == key) return people;
    return peoples[3];
}

} // namespace

std::string new_person_name(Chance& chance, std::string_view people, std::set<std::string>& used)
{
    auto const& words = people_of(people);
    for (;;) {
        bool const woman = chance.one_in(2);
        auto const family = pick_word(chance, words.families);
        auto const given = pick_word(chance, woman ? words.women : words.men);
        auto name = fmt::format("{} {} {}", family, woman ? words.woman : words.man, given);
        if (used.insert(fold(name)).second) return name;
    }
}

std::string new_phone(Chance& chance) { return fmt::format("{}{:06}", silent_phone_block, chance.between(0, 999'999)); }

std::string new_identity_number(Chance& chance) { return fmt::format("999{:09}", chance.between(0, 999'999'999)); }

std::string TaxCodes::next()
{
    for (;;) {
        auto const nine = std::to_string(++number_);
        for (char digit = '0'; digit <= '9'; ++digit)
            if (read_tax_code(nine + digit)) return nine + digit;
    }
}

std::string to_gtin14(std::string_view twelve_digits)
{
    return "0" + std::string{twelve_digits} + gs1::check_digit(twelve_digits);
}

} // namespace nguon::server::app::seed
