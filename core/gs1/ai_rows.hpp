#pragma once

#include "core/gs1/ai_table.hpp"

#include <array>
#include <iterator>

/// The rows of the table of application identifiers, for the files that work on the table itself.
namespace nguon::gs1::rows {

constexpr Component part(Charset charset, int min, int max, Rule a, Rule b, Rule c)
{
    return {charset, static_cast<std::uint8_t>(min), static_cast<std::uint8_t>(max), false, {a, b, c}};
}

constexpr Component digits(int length, Rule a = {}, Rule b = {})
{
    return part(Charset::digits, length, length, a, b, {});
}

constexpr Component upto_digits(int length, Rule a = {}) { return part(Charset::digits, 1, length, a, {}, {}); }

constexpr Component text(int length, Rule a = {}) { return part(Charset::cset82, length, length, a, {}, {}); }

constexpr Component upto_text(int length, Rule a = {}, Rule b = {}, Rule c = {})
{
    return part(Charset::cset82, 1, length, a, b, c);
}

constexpr Component upto_text39(int length, Rule a = {}) { return part(Charset::cset39, 1, length, a, {}, {}); }

constexpr Component upto_base64url(int length) { return part(Charset::base64url, 1, length, {}, {}, {}); }

constexpr Component optional(Component component)
{
    component.optional = true;
    return component;
}

inline constexpr Component logistic_unit[] = {digits(18, Rule::check_digit, Rule::prefix_at_2)};
inline constexpr Component trade_item[] = {digits(14, Rule::check_digit, Rule::prefix_at_2)};
inline constexpr Component text_20[] = {upto_text(20)};
inline constexpr Component day_or_month[] = {digits(6, Rule::date_day_zero)};
inline constexpr Component digits_2[] = {digits(2)};
inline constexpr Component text_28[] = {upto_text(28)};
inline constexpr Component text_30[] = {upto_text(30)};
inline constexpr Component digits_to_6[] = {upto_digits(6)};
inline constexpr Component document_type[] = {digits(13, Rule::check_digit, Rule::prefix_at_1),
                                              optional(upto_text(17))};
inline constexpr Component coupon_number[] = {digits(13, Rule::check_digit, Rule::prefix_at_1),
                                              optional(upto_digits(12))};
inline constexpr Component digits_to_8[] = {upto_digits(8)};
inline constexpr Component digits_6[] = {digits(6)};
inline constexpr Component digits_to_15[] = {upto_digits(15)};
inline constexpr Component amount_in_currency[] = {digits(3, Rule::currency), upto_digits(15)};
inline constexpr Component digits_4[] = {digits(4)};
inline constexpr Component text_30_prefixed[] = {upto_text(30, Rule::prefix_at_1)};
inline constexpr Component shipment[] = {digits(17, Rule::check_digit, Rule::prefix_at_1)};
inline constexpr Component location[] = {digits(13, Rule::check_digit, Rule::prefix_at_1)};
inline constexpr Component country_post_code[] = {digits(3, Rule::country), upto_text(9)};
inline constexpr Component one_country[] = {digits(3, Rule::country)};
inline constexpr Component five_countries[] = {digits(3, Rule::country), optional(digits(3, Rule::country)),
                                               optional(digits(3, Rule::country)), optional(digits(3, Rule::country)),
                                               optional(digits(3, Rule::country))};
inline constexpr Component text_3[] = {upto_text(3)};
inline constexpr Component escaped_35[] = {upto_text(35, Rule::percent_escapes)};
inline constexpr Component escaped_70[] = {upto_text(70, Rule::percent_escapes)};
inline constexpr Component country_alpha[] = {text(2, Rule::country_letters)};
inline constexpr Component coordinates[] = {digits(10, Rule::latitude), digits(10, Rule::longitude)};
inline constexpr Component yes_or_no[] = {digits(1, Rule::yes_no)};
inline constexpr Component day_or_month_time[] = {digits(6, Rule::date_day_zero), digits(4, Rule::hour_minute)};
inline constexpr Component day[] = {digits(6, Rule::date)};
inline constexpr Component temperature[] = {digits(6), optional(text(1, Rule::minus))};
inline constexpr Component digits_13[] = {digits(13)};
inline constexpr Component day_time[] = {digits(6, Rule::date), digits(4, Rule::hour_minute)};
inline constexpr Component digits_to_4[] = {upto_digits(4)};
inline constexpr Component text_12[] = {upto_text(12)};
inline constexpr Component day_or_days[] = {digits(6, Rule::date), optional(digits(6, Rule::date))};
inline constexpr Component text_10[] = {upto_text(10)};
inline constexpr Component text_2[] = {upto_text(2)};
inline constexpr Component day_maybe_time[] = {digits(6, Rule::date), optional(digits(4, Rule::hour_minute))};
inline constexpr Component processor[] = {digits(3, Rule::country_or_999), upto_text(27)};
inline constexpr Component unique_id_extension[] = {digits(1), text(1), text(1), text(1, Rule::importer_index)};
inline constexpr Component package[] = {upto_text(4, Rule::package_type)};
inline constexpr Component certificate[] = {text(2), upto_text(28)};
inline constexpr Component media[] = {digits(2, Rule::media_type)};
inline constexpr Component text_25[] = {upto_text(25)};
inline constexpr Component long_day[] = {digits(8, Rule::date_long)};
inline constexpr Component long_day_time[] = {digits(8, Rule::date_long), digits(4, Rule::hour_minute)};
inline constexpr Component person_sex[] = {digits(1, Rule::sex)};
inline constexpr Component escaped_40[] = {upto_text(40, Rule::percent_escapes)};
inline constexpr Component escaped_90[] = {upto_text(90, Rule::percent_escapes)};
inline constexpr Component sequence[] = {text(3, Rule::place_in_sequence)};
inline constexpr Component roll[] = {digits(4, Rule::not_zero), digits(5, Rule::not_zero), digits(3, Rule::not_zero),
                                     digits(1, Rule::winding), digits(1)};
inline constexpr Component returnable_asset[] = {
    digits(1, Rule::zero), digits(13, Rule::check_digit, Rule::prefix_at_1), optional(upto_text(16))};
inline constexpr Component trade_item_piece[] = {digits(14, Rule::check_digit, Rule::prefix_at_2),
                                                 digits(4, Rule::piece_of_total)};
inline constexpr Component account[] = {upto_text(34, Rule::bank_account)};
inline constexpr Component production_time[] = {digits(6, Rule::date), digits(2, Rule::hour),
                                                optional(digits(2, Rule::minute)), optional(digits(2, Rule::second))};
inline constexpr Component text_50[] = {upto_text(50)};
inline constexpr Component component_part[] = {upto_text39(30, Rule::prefix_at_1)};
inline constexpr Component part_serial[] = {upto_digits(12, Rule::no_leading_zero)};
inline constexpr Component model[] = {upto_text(25, Rule::check_pair, Rule::prefix_at_1)};
inline constexpr Component device_model[] = {upto_text(25, Rule::check_pair, Rule::prefix_at_1, Rule::has_letter)};
inline constexpr Component service_relation[] = {digits(18, Rule::check_digit, Rule::prefix_at_1)};
inline constexpr Component digits_to_10[] = {upto_digits(10)};
inline constexpr Component signature[] = {upto_base64url(90)};
inline constexpr Component digits_15[] = {digits(15)};
inline constexpr Component digits_32[] = {digits(32)};
inline constexpr Component sim[] = {digits(18), optional(upto_digits(2))};
inline constexpr Component text_70[] = {upto_text(70)};
inline constexpr Component coupon[] = {upto_text(70, Rule::coupon)};
inline constexpr Component paperless_coupon[] = {upto_text(70, Rule::coupon_offer)};
inline constexpr Component text_90[] = {upto_text(90)};

/// `flags`: f = no FNC1 behind it, q = may stand in the query of a Digital Link, k = primary key.
constexpr AiEntry entry(std::string_view first, std::string_view last, std::span<Component const> format,
                        std::string_view flags, std::string_view title, std::string_view needs,
                        std::string_view excludes)
{
    constexpr auto none = std::string_view::npos;
    AiEntry made{first, last, format};
    made.predefined_length = flags.find('f') != none;
    made.link_attribute = flags.find('q') != none;
    made.link_key = flags.find('k') != none;
    made.title = title;
    made.needs = needs;
    made.excludes = excludes;
    for (auto const& component : format) {
        auto const least = component.optional ? 0 : component.length_min;
        made.chars_min = static_cast<std::uint8_t>(made.chars_min + least);
        made.chars_max = static_cast<std::uint8_t>(made.chars_max + component.length_max);
    }
    return made;
}

inline constexpr AiEntry entries[] = {
    // clang-format off
    entry("00", "00", logistic_unit, "fqk", "SSCC", "", ""),
    entry("01", "01", trade_item, "fqk", "GTIN", "", "255 37"),
    entry("02", "02", trade_item, "fq", "CONTENT", "37", "01 03"),
    entry("03", "03", trade_item, "f", "MTO GTIN", "", "01 02 37"),
    entry("10", "10", text_20, "q", "BATCH/LOT", "01 02 03 8006 8026", ""),
    entry("11", "11", day_or_month, "fq", "PROD DATE", "01 02 03 8006 8026", ""),
    entry("12", "12", day_or_month, "fq", "DUE DATE", "8020", ""),
    entry("13", "13", day_or_month, "fq", "PACK DATE", "01 02 03 8006 8026", ""),
    entry("15", "15", day_or_month, "fq", "BEST BEFORE or BEST BY", "01 02 03 8006 8026", ""),
    entry("16", "16", day_or_month, "fq", "SELL BY", "01 02 03 8006 8026", ""),
    entry("17", "17", day_or_month, "fq", "USE BY or EXPIRY", "01 02 03 255 8006 8026", ""),
    entry("20", "20", digits_2, "fq", "VARIANT", "01 02 8006 8026", ""),
    entry("21", "21", text_20, "", "SERIAL", "01 03 8006", "235"),
    entry("22", "22", text_20, "", "CPV", "01", ""),
    entry("235", "235", text_28, "", "TPX", "01", ""),
    entry("240", "240", text_30, "q", "ADDITIONAL ID", "01 02 8006 8026", ""),
    entry("241", "241", text_30, "q", "CUST. PART No.", "01 02 8006 8026", ""),
    entry("242", "242", digits_to_6, "q", "MTO VARIANT", "01 02 8006 8026", ""),
    entry("243", "243", text_20, "q", "PCN", "01", ""),
    entry("250", "250", text_30, "q", "SECONDARY SERIAL", "01 8006; 21", ""),
    entry("251", "251", text_30, "q", "REF. TO SOURCE", "01 8006", ""),
    entry("253", "253", document_type, "qk", "GDTI", "", ""),
    entry("254", "254", text_20, "", "GLN EXTENSION COMPONENT", "414", ""),
    entry("255", "255", coupon_number, "qk", "GCN", "", "01 02 415 8006 8020 8026"),
    entry("30", "30", digits_to_8, "q", "VAR. COUNT", "01 02", ""),
    entry("3100", "3105", digits_6, "fq", "NET WEIGHT (kg)", "01 02", "310n"),
    entry("3110", "3115", digits_6, "fq", "LENGTH (m)", "01 02", "311n"),
    entry("3120", "3125", digits_6, "fq", "WIDTH (m)", "01 02", "312n"),
    entry("3130", "3135", digits_6, "fq", "HEIGHT (m)", "01 02", "313n"),
    entry("3140", "3145", digits_6, "fq", "AREA (m²)", "01 02", "314n"),
    entry("3150", "3155", digits_6, "fq", "NET VOLUME (l)", "01 02", "315n"),
    entry("3160", "3165", digits_6, "fq", "NET VOLUME (m³)", "01 02", "316n"),
    entry("3200", "3205", digits_6, "fq", "NET WEIGHT (lb)", "01 02", "320n"),
    entry("3210", "3215", digits_6, "fq", "LENGTH (in)", "01 02", "321n"),
    entry("3220", "3225", digits_6, "fq", "LENGTH (ft)", "01 02", "322n"),
    entry("3230", "3235", digits_6, "fq", "LENGTH (yd)", "01 02", "323n"),
    entry("3240", "3245", digits_6, "fq", "WIDTH (in)", "01 02", "324n"),
    entry("3250", "3255", digits_6, "fq", "WIDTH (ft)", "01 02", "325n"),
    entry("3260", "3265", digits_6, "fq", "WIDTH (yd)", "01 02", "326n"),
    entry("3270", "3275", digits_6, "fq", "HEIGHT (in)", "01 02", "327n"),
    entry("3280", "3285", digits_6, "fq", "HEIGHT (ft)", "01 02", "328n"),
    entry("3290", "3295", digits_6, "fq", "HEIGHT (yd)", "01 02", "329n"),
    entry("3300", "3305", digits_6, "fq", "GROSS WEIGHT (kg)", "00 01", "330n"),
    entry("3310", "3315", digits_6, "fq", "LENGTH (m), log", "00 01", "331n"),
    entry("3320", "3325", digits_6, "fq", "WIDTH (m), log", "00 01", "332n"),
    entry("3330", "3335", digits_6, "fq", "HEIGHT (m), log", "00 01", "333n"),
    entry("3340", "3345", digits_6, "fq", "AREA (m²), log", "00 01", "334n"),
    entry("3350", "3355", digits_6, "fq", "VOLUME (l), log", "00 01", "335n"),
    entry("3360", "3365", digits_6, "fq", "VOLUME (m³), log", "00 01", "336n"),
    entry("3370", "3375", digits_6, "fq", "KG PER m²", "01", "337n"),
    entry("3400", "3405", digits_6, "fq", "GROSS WEIGHT (lb)", "00 01", "340n"),
    entry("3410", "3415", digits_6, "fq", "LENGTH (in), log", "00 01", "341n"),
    entry("3420", "3425", digits_6, "fq", "LENGTH (ft), log", "00 01", "342n"),
    entry("3430", "3435", digits_6, "fq", "LENGTH (yd), log", "00 01", "343n"),
    entry("3440", "3445", digits_6, "fq", "WIDTH (in), log", "00 01", "344n"),
    entry("3450", "3455", digits_6, "fq", "WIDTH (ft), log", "00 01", "345n"),
    entry("3460", "3465", digits_6, "fq", "WIDTH (yd), log", "00 01", "346n"),
    entry("3470", "3475", digits_6, "fq", "HEIGHT (in), log", "00 01", "347n"),
    entry("3480", "3485", digits_6, "fq", "HEIGHT (ft), log", "00 01", "348n"),
    entry("3490", "3495", digits_6, "fq", "HEIGHT (yd), log", "00 01", "349n"),
    entry("3500", "3505", digits_6, "fq", "AREA (in²)", "01 02", "350n"),
    entry("3510", "3515", digits_6, "fq", "AREA (ft²)", "01 02", "351n"),
    entry("3520", "3525", digits_6, "fq", "AREA (yd²)", "01 02", "352n"),
    entry("3530", "3535", digits_6, "fq", "AREA (in²), log", "00 01", "353n"),
    entry("3540", "3545", digits_6, "fq", "AREA (ft²), log", "00 01", "354n"),
    entry("3550", "3555", digits_6, "fq", "AREA (yd²), log", "00 01", "355n"),
    entry("3560", "3565", digits_6, "fq", "NET WEIGHT (tr oz)", "01 02", "356n"),
    entry("3570", "3575", digits_6, "fq", "NET VOLUME (oz)", "01 02", "357n"),
    entry("3600", "3605", digits_6, "fq", "NET VOLUME (qt (US))", "01 02", "360n"),
    entry("3610", "3615", digits_6, "fq", "NET VOLUME (gal.)", "01 02", "361n"),
    entry("3620", "3625", digits_6, "fq", "VOLUME (qt (US)), log", "00 01", "362n"),
    entry("3630", "3635", digits_6, "fq", "VOLUME (gal (US)), log", "00 01", "363n"),
    entry("3640", "3645", digits_6, "fq", "NET VOLUME (in³)", "01 02", "364n"),
    entry("3650", "3655", digits_6, "fq", "NET VOLUME (ft³)", "01 02", "365n"),
    entry("3660", "3665", digits_6, "fq", "NET VOLUME (yd³)", "01 02", "366n"),
    entry("3670", "3675", digits_6, "fq", "VOLUME (in³), log", "00 01", "367n"),
    entry("3680", "3685", digits_6, "fq", "VOLUME (ft³), log", "00 01", "368n"),
    entry("3690", "3695", digits_6, "fq", "VOLUME (yd³), log", "00 01", "369n"),
    entry("37", "37", digits_to_8, "q", "COUNT", "00; 02 8026", ""),
    entry("3900", "3909", digits_to_15, "q", "AMOUNT", "255 8020", "390n 391n 394n 8111"),
    entry("3910", "3919", amount_in_currency, "q", "AMOUNT", "8020", "391n"),
    entry("3920", "3929", digits_to_15, "q", "PRICE", "01; 30 31nn 32nn 35nn 36nn", "392n 393n"),
    entry("3930", "3939", amount_in_currency, "q", "PRICE", "30 31nn 32nn 35nn 36nn", "393n"),
    entry("3940", "3943", digits_4, "q", "PRCNT OFF", "255", "394n 8111"),
    entry("3950", "3955", digits_6, "q", "PRICE/UoM", "30 31nn 32nn 35nn 36nn", "392n 393n 395n 8005"),
    entry("400", "400", text_30, "q", "ORDER NUMBER", "", ""),
    entry("401", "401", text_30_prefixed, "qk", "GINC", "", ""),
    entry("402", "402", shipment, "qk", "GSIN", "", ""),
    entry("403", "403", text_30, "q", "ROUTE", "00", ""),
    entry("410", "410", location, "fq", "SHIP TO LOC", "", ""),
    entry("411", "411", location, "fq", "BILL TO", "", ""),
    entry("412", "412", location, "fq", "PURCHASE FROM", "", ""),
    entry("413", "413", location, "fq", "SHIP FOR LOC", "", ""),
    entry("414", "414", location, "fqk", "LOC No.", "", ""),
    entry("415", "415", location, "fqk", "PAY TO", "8020", ""),
    entry("416", "416", location, "fq", "PROD/SERV LOC", "", ""),
    entry("417", "417", location, "fqk", "PARTY", "", ""),
    entry("420", "420", text_20, "q", "SHIP TO POST", "", "421"),
    entry("421", "421", country_post_code, "q", "SHIP TO POST", "", "4307"),
    entry("422", "422", one_country, "q", "ORIGIN", "01 02 8006 8026", "426"),
    entry("423", "423", five_countries, "q", "COUNTRY - INITIAL PROCESS", "01 02", "426"),
    entry("424", "424", one_country, "q", "COUNTRY - PROCESS", "01 02", "426"),
    entry("425", "425", five_countries, "q", "COUNTRY - DISASSEMBLY", "01 02", "426"),
    entry("426", "426", one_country, "q", "COUNTRY - FULL PROCESS", "01 02", ""),
    entry("427", "427", text_3, "q", "ORIGIN SUBDIVISION", "01 02; 422", ""),
    entry("4300", "4300", escaped_35, "q", "SHIP TO COMP", "00", ""),
    entry("4301", "4301", escaped_35, "q", "SHIP TO NAME", "00", ""),
    entry("4302", "4302", escaped_70, "q", "SHIP TO ADD1", "00", ""),
    entry("4303", "4303", escaped_70, "q", "SHIP TO ADD2", "4302", ""),
    entry("4304", "4304", escaped_70, "q", "SHIP TO SUB", "00", ""),
    entry("4305", "4305", escaped_70, "q", "SHIP TO LOC", "00", ""),
    entry("4306", "4306", escaped_70, "q", "SHIP TO REG", "00", ""),
    entry("4307", "4307", country_alpha, "q", "SHIP TO COUNTRY", "00", ""),
    entry("4308", "4308", text_30, "q", "SHIP TO PHONE", "00", ""),
    entry("4309", "4309", coordinates, "q", "SHIP TO GEO", "00", ""),
    entry("4310", "4310", escaped_35, "q", "RTN TO COMP", "00", ""),
    entry("4311", "4311", escaped_35, "q", "RTN TO NAME", "00", ""),
    entry("4312", "4312", escaped_70, "q", "RTN TO ADD1", "00", ""),
    entry("4313", "4313", escaped_70, "q", "RTN TO ADD2", "4312", ""),
    entry("4314", "4314", escaped_70, "q", "RTN TO SUB", "00", ""),
    entry("4315", "4315", escaped_70, "q", "RTN TO LOC", "00", ""),
    entry("4316", "4316", escaped_70, "q", "RTN TO REG", "00", ""),
    entry("4317", "4317", country_alpha, "q", "RTN TO COUNTRY", "00", ""),
    entry("4318", "4318", text_20, "q", "RTN TO POST", "00", ""),
    entry("4319", "4319", text_30, "q", "RTN TO PHONE", "00", ""),
    entry("4320", "4320", escaped_35, "q", "SRV DESCRIPTION", "00", ""),
    entry("4321", "4321", yes_or_no, "q", "DANGEROUS GOODS", "00", ""),
    entry("4322", "4322", yes_or_no, "q", "AUTH TO LEAVE", "00", ""),
    entry("4323", "4323", yes_or_no, "q", "SIG REQUIRED", "00", ""),
    entry("4324", "4324", day_or_month_time, "q", "NOT BEF DEL DT", "00", ""),
    entry("4325", "4325", day_or_month_time, "q", "NOT AFT DEL DT", "00", ""),
    entry("4326", "4326", day, "q", "REL DATE", "00", ""),
    entry("4330", "4330", temperature, "q", "MAX TEMP F.", "00", "4331"),
    entry("4331", "4331", temperature, "q", "MAX TEMP C.", "00", "4330"),
    entry("4332", "4332", temperature, "q", "MIN TEMP F.", "00", "4333"),
    entry("4333", "4333", temperature, "q", "MIN TEMP C.", "00", "4332"),
    entry("7001", "7001", digits_13, "q", "NSN", "01 02 8006 8026", ""),
    entry("7002", "7002", text_30, "q", "MEAT CUT", "01 02", ""),
    entry("7003", "7003", day_time, "q", "EXPIRY TIME", "01 02", ""),
    entry("7004", "7004", digits_to_4, "q", "ACTIVE POTENCY", "01+10", ""),
    entry("7005", "7005", text_12, "q", "CATCH AREA", "01 02", ""),
    entry("7006", "7006", day, "q", "FIRST FREEZE DATE", "01 02", ""),
    entry("7007", "7007", day_or_days, "q", "HARVEST DATE", "01 02", ""),
    entry("7008", "7008", text_3, "q", "AQUATIC SPECIES", "01 02", ""),
    entry("7009", "7009", text_10, "q", "FISHING GEAR TYPE", "01 02", ""),
    entry("7010", "7010", text_2, "q", "PROD METHOD", "01 02", ""),
    entry("7011", "7011", day_maybe_time, "q", "TEST BY DATE", "01 02", ""),
    entry("7020", "7020", text_20, "q", "REFURB LOT", "01 8006; 416", ""),
    entry("7021", "7021", text_20, "q", "FUNC STAT", "01 8006", ""),
    entry("7022", "7022", text_20, "q", "REV STAT", "7021", ""),
    entry("7023", "7023", text_30_prefixed, "q", "GIAI - ASSEMBLY", "", ""),
    entry("7030", "7030", processor, "q", "PROCESSOR # 0", "01 02", ""),
    entry("7031", "7031", processor, "q", "PROCESSOR # 1", "01 02", ""),
    entry("7032", "7032", processor, "q", "PROCESSOR # 2", "01 02", ""),
    entry("7033", "7033", processor, "q", "PROCESSOR # 3", "01 02", ""),
    entry("7034", "7034", processor, "q", "PROCESSOR # 4", "01 02", ""),
    entry("7035", "7035", processor, "q", "PROCESSOR # 5", "01 02", ""),
    entry("7036", "7036", processor, "q", "PROCESSOR # 6", "01 02", ""),
    entry("7037", "7037", processor, "q", "PROCESSOR # 7", "01 02", ""),
    entry("7038", "7038", processor, "q", "PROCESSOR # 8", "01 02", ""),
    entry("7039", "7039", processor, "q", "PROCESSOR # 9", "01 02", ""),
    entry("7040", "7040", unique_id_extension, "", "UIC+EXT", "", ""),
    entry("7041", "7041", package, "", "UFRGT UNIT TYPE", "00", ""),
    entry("710", "710", text_20, "q", "NHRN PZN", "01", ""),
    entry("711", "711", text_20, "q", "NHRN CIP", "01", ""),
    entry("712", "712", text_20, "q", "NHRN CN", "01", ""),
    entry("713", "713", text_20, "q", "NHRN DRN", "01", ""),
    entry("714", "714", text_20, "q", "NHRN AIM", "01", ""),
    entry("715", "715", text_20, "q", "NHRN NDC", "01", ""),
    entry("716", "716", text_20, "q", "NHRN AIC", "01", ""),
    entry("717", "717", text_20, "q", "NHRN SRN", "01", ""),
    entry("7230", "7230", certificate, "q", "CERT # 1", "01 8004", ""),
    entry("7231", "7231", certificate, "q", "CERT # 2", "01 8004", ""),
    entry("7232", "7232", certificate, "q", "CERT # 3", "01 8004", ""),
    entry("7233", "7233", certificate, "q", "CERT # 4", "01 8004", ""),
    entry("7234", "7234", certificate, "q", "CERT # 5", "01 8004", ""),
    entry("7235", "7235", certificate, "q", "CERT # 6", "01 8004", ""),
    entry("7236", "7236", certificate, "q", "CERT # 7", "01 8004", ""),
    entry("7237", "7237", certificate, "q", "CERT # 8", "01 8004", ""),
    entry("7238", "7238", certificate, "q", "CERT # 9", "01 8004", ""),
    entry("7239", "7239", certificate, "q", "CERT # 10", "01 8004", ""),
    entry("7240", "7240", text_20, "q", "PROTOCOL", "01 8006", ""),
    entry("7241", "7241", media, "q", "AIDC MEDIA TYPE", "8017 8018", ""),
    entry("7242", "7242", text_25, "q", "VCN", "8017 8018", ""),
    entry("7250", "7250", long_day, "q", "DOB", "8018", "7251"),
    entry("7251", "7251", long_day_time, "q", "DOB TIME", "8018", "7250"),
    entry("7252", "7252", person_sex, "q", "BIO SEX", "8018", ""),
    entry("7253", "7253", escaped_40, "q", "FAMILY NAME", "8017 8018", "7256 7259"),
    entry("7254", "7254", escaped_40, "q", "GIVEN NAME", "8017 8018", "7256 7259"),
    entry("7255", "7255", text_10, "q", "SUFFIX", "8017 8018", "7256 7259"),
    entry("7256", "7256", escaped_90, "q", "FULL NAME", "8017 8018", ""),
    entry("7257", "7257", escaped_70, "q", "PERSON ADDR", "8018", ""),
    entry("7258", "7258", sequence, "q", "BIRTH SEQUENCE", "8018+7259", ""),
    entry("7259", "7259", escaped_40, "q", "BABY", "8018", "7256"),
    entry("8001", "8001", roll, "q", "DIMENSIONS", "01", ""),
    entry("8002", "8002", text_20, "q", "CMT No.", "", ""),
    entry("8003", "8003", returnable_asset, "qk", "GRAI", "", ""),
    entry("8004", "8004", text_30_prefixed, "qk", "GIAI", "", ""),
    entry("8005", "8005", digits_6, "q", "PRICE PER UNIT", "01 02", ""),
    entry("8006", "8006", trade_item_piece, "qk", "ITIP", "", "01 37"),
    entry("8007", "8007", account, "q", "IBAN", "415", ""),
    entry("8008", "8008", production_time, "q", "PROD TIME", "01 02", ""),
    entry("8009", "8009", text_50, "q", "OPTSEN", "00 01", ""),
    entry("8010", "8010", component_part, "qk", "CPID", "", ""),
    entry("8011", "8011", part_serial, "", "CPID SERIAL", "8010", ""),
    entry("8012", "8012", text_20, "q", "VERSION", "01 8006", ""),
    entry("8013", "8013", model, "qk", "GMN", "", ""),
    entry("8014", "8014", device_model, "", "MUDI", "01", ""),
    entry("8017", "8017", service_relation, "qk", "GSRN - PROVIDER", "", "8018"),
    entry("8018", "8018", service_relation, "qk", "GSRN - RECIPIENT", "", "8017"),
    entry("8019", "8019", digits_to_10, "", "SRIN", "8017 8018", ""),
    entry("8020", "8020", text_25, "", "REF No.", "415", ""),
    entry("8026", "8026", trade_item_piece, "q", "ITIP CONTENT", "37", "02 8006"),
    entry("8030", "8030", signature, "q", "DIGSIG", "00 01+21 253 255 8003 8004 8006+21 8010+8011 8017 8018", ""),
    entry("8040", "8040", digits_15, "", "IMEI", "01+21", ""),
    entry("8041", "8041", digits_15, "", "IMEI2", "01+21+8040", ""),
    entry("8042", "8042", digits_32, "", "ESIM", "01+21+8040", ""),
    entry("8043", "8043", sim, "", "PSIM", "01+21+8040", ""),
    entry("8110", "8110", coupon, "q", "COUPON CODE", "", ""),
    entry("8111", "8111", digits_4, "q", "POINTS", "255", ""),
    entry("8112", "8112", paperless_coupon, "q", "PAPERLESS COUPON CODE", "", ""),
    entry("8200", "8200", text_70, "", "PRODUCT URL", "01", ""),
    entry("90", "90", text_30, "q", "INTERNAL", "", ""),
    entry("91", "99", text_90, "q", "INTERNAL", "", ""),
    // clang-format on
};

inline constexpr std::size_t count = std::size(entries);

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A place in `index` for every text of two, three or four digits; npos for other texts.
constexpr std::size_t slot_of(std::string_view ai)
{
    std::size_t number = 0;
    for (char const c : ai) {
        if (!is_digit(c)) return std::string_view::npos;
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    switch (ai.size()) {
    case 2:
        return number;
    case 3:
        return 100 + number;
    case 4:
        return 1'100 + number;
    default:
        return std::string_view::npos;
    }
}

inline constexpr std::size_t slots = 11'100;

/// Row number + 1 of every AI, so that looking one up is one step.
inline constexpr auto index = [] {
    std::array<std::uint8_t, slots> made{};
    static_assert(count < 255);
    for (std::size_t row = 0; row < count; ++row) {
        for (auto slot = slot_of(entries[row].first); slot <= slot_of(entries[row].last); ++slot) {
            made[slot] = static_cast<std::uint8_t>(row + 1);
        }
    }
    return made;
}();

/// The row of exactly this AI; npos when there is none.
constexpr std::size_t row_of(std::string_view ai)
{
    auto const slot = slot_of(ai);
    return slot >= slots || index[slot] == 0 ? std::string_view::npos : index[slot] - 1U;
}

} // namespace nguon::gs1::rows
