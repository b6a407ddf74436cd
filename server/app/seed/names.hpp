#pragma once

#include "server/app/seed/chance.hpp"

#include <set>
#include <string>
#include <string_view>

/// Invented people and numbers.
namespace nguon::server::app::seed {

/// A full name as people of that group have them: "kinh", "thai", "hmong", "giay", "hanhi". Never the same twice in
/// `used`, whatever the marks.
std::string new_person_name(Chance& chance, std::string_view people, std::set<std::string>& used);

/// A telephone number that cannot ring: of Lai Châu's landlines (0213), whose subscriber numbers never begin with 0,
/// since 0 asks for another area.
std::string new_phone(Chance& chance);
inline constexpr std::string_view silent_phone_block = "02130";

/// Twelve digits in the form of a personal number that nobody has: no province is numbered 999.
std::string new_identity_number(Chance& chance);

/// The tax code of the `number`-th invented firm: head 99, right check digit. Numbers without one are passed over.
class TaxCodes {
public:
    std::string next();

private:
    std::int64_t number_ = 990'010'000;
};

/// GTIN-14 of twelve digits of a company prefix with its item number.
std::string to_gtin14(std::string_view twelve_digits);

} // namespace nguon::server::app::seed
