#include "core/gs1/ai_table.hpp"

#include <algorithm>

namespace nguon::gs1 {
namespace {

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

constexpr Component logistic_unit[] = {digits(18, Rule::check_digit, Rule::prefix_at_2)};
constexpr Component trade_item[] = {digits(14, Rule::check_digit, Rule::prefix_at_2)};
constexpr Component text_20[] = {upto_text(20)};
constexpr Component day_or_month[] = {digits(6, Rule::date_day_zero)};
constexpr Component digits_2[] = {digits(2)};
constexpr Component text_28[] = {upto_text(28)};
constexpr Component text_30[] = {upto_text(30)};
constexpr Component digits_to_6[] = {upto_digits(6)};
constexpr Component document_type[] = {digits(13, Rule::check_digit, Rule::prefix_at_1), optional(upto_text(17))};
constexpr Component coupon_number[] = {digits(13, Rule::check_digit, Rule::prefix_at_1), optional(upto_digits(12))};
constexpr Component digits_to_8[] = {upto_digits(8)};
constexpr Component digits_6[] = {digits(6)};
constexpr Component digits_to_15[] = {upto_digits(15)};
constexpr Component amount_in_currency[] = {digits(3, Rule::currency), upto_digits(15)};
constexpr Component digits_4[] = {digits(4)};
constexpr Component text_30_prefixed[] = {upto_text(30, Rule::prefix_at_1)};
constexpr Component shipment[] = {digits(17, Rule::check_digit, Rule::prefix_at_1)};
constexpr Component location[] = {digits(13, Rule::check_digit, Rule::prefix_at_1)};
constexpr Component country_post_code[] = {digits(3, Rule::country), upto_text(9)};
constexpr Component one_country[] = {digits(3, Rule::country)};
constexpr Component five_countries[] = {digits(3, Rule::country), optional(digits(3, Rule::country)),
                                        optional(digits(3, Rule::country)), optional(digits(3, Rule::country)),
                                        optional(digits(3, Rule::country))};
constexpr Component text_3[] = {upto_text(3)};
constexpr Component escaped_35[] = {upto_text(35, Rule::percent_escapes)};
constexpr Component escaped_70[] = {upto_text(70, Rule::percent_escapes)};
constexpr Component country_alpha[] = {text(2, Rule::country_letters)};
constexpr Component coordinates[] = {digits(10, Rule::latitude), digits(10, Rule::longitude)};
constexpr Component yes_or_no[] = {digits(1, Rule::yes_no)};
constexpr Component day_or_month_time[] = {digits(6, Rule::date_day_zero), digits(4, Rule::hour_minute)};
constexpr Component day[] = {digits(6, Rule::date)};
constexpr Component temperature[] = {digits(6), optional(text(1, Rule::minus))};
constexpr Component digits_13[] = {digits(13)};
constexpr Component day_time[] = {digits(6, Rule::date), digits(4, Rule::hour_minute)};
constexpr Component digits_to_4[] = {upto_digits(4)};
constexpr Component text_12[] = {upto_text(12)};
constexpr Component day_or_days[] = {digits(6, Rule::date), optional(digits(6, Rule::date))};
constexpr Component text_10[] = {upto_text(10)};
constexpr Component text_2[] = {upto_text(2)};
constexpr Component day_maybe_time[] = {digits(6, Rule::date), optional(digits(4, Rule::hour_minute))};
constexpr Component processor[] = {digits(3, Rule::country_or_999), upto_text(27)};
constexpr Component unique_id_extension[] = {digits(1), text(1), text(1), text(1, Rule::importer_index)};
constexpr Component text_4[] = {upto_text(4)};
constexpr Component certificate[] = {text(2), upto_text(28)};
constexpr Component media[] = {digits(2, Rule::media_type)};
constexpr Component text_25[] = {upto_text(25)};
constexpr Component long_day[] = {digits(8, Rule::date_long)};
constexpr Component long_day_time[] = {digits(8, Rule::date_long), digits(4, Rule::hour_minute)};
constexpr Component person_sex[] = {digits(1, Rule::sex)};
constexpr Component escaped_40[] = {upto_text(40, Rule::percent_escapes)};
constexpr Component escaped_90[] = {upto_text(90, Rule::percent_escapes)};
constexpr Component sequence[] = {text(3, Rule::place_in_sequence)};
constexpr Component roll[] = {digits(4, Rule::not_zero), digits(5, Rule::not_zero), digits(3, Rule::not_zero),
                              digits(1, Rule::winding), digits(1)};
constexpr Component returnable_asset[] = {digits(1, Rule::zero), digits(13, Rule::check_digit, Rule::prefix_at_1),
                                          optional(upto_text(16))};
constexpr Component trade_item_piece[] = {digits(14, Rule::check_digit, Rule::prefix_at_2),
                                          digits(4, Rule::piece_of_total)};
constexpr Component account[] = {upto_text(34, Rule::bank_account)};
constexpr Component production_time[] = {digits(6, Rule::date), digits(2, Rule::hour),
                                         optional(digits(2, Rule::minute)), optional(digits(2, Rule::second))};
constexpr Component text_50[] = {upto_text(50)};
constexpr Component component_part[] = {upto_text39(30, Rule::prefix_at_1)};
constexpr Component part_serial[] = {upto_digits(12, Rule::no_leading_zero)};
constexpr Component model[] = {upto_text(25, Rule::check_pair, Rule::prefix_at_1)};
constexpr Component device_model[] = {upto_text(25, Rule::check_pair, Rule::prefix_at_1, Rule::has_letter)};
constexpr Component service_relation[] = {digits(18, Rule::check_digit, Rule::prefix_at_1)};
constexpr Component digits_to_10[] = {upto_digits(10)};
constexpr Component signature[] = {upto_base64url(90)};
constexpr Component digits_15[] = {digits(15)};
constexpr Component digits_32[] = {digits(32)};
constexpr Component sim[] = {digits(18), optional(upto_digits(2))};
constexpr Component text_70[] = {upto_text(70)};
constexpr Component text_90[] = {upto_text(90)};

/// `flags`: f = no FNC1 behind it, q = may stand in the query of a Digital Link, k = primary key.
constexpr AiEntry entry(std::string_view first, std::string_view last, std::span<Component const> format,
                        std::string_view flags, std::string_view title)
{
    constexpr auto none = std::string_view::npos;
    return {first, last, format, flags.find('f') != none, flags.find('q') != none, flags.find('k') != none, title};
}

constexpr AiEntry entries[] = {
    // clang-format off
    entry("00", "00", logistic_unit, "fqk", "SSCC"),
    entry("01", "01", trade_item, "fqk", "GTIN"),
    entry("02", "02", trade_item, "fq", "CONTENT"),
    entry("03", "03", trade_item, "f", "MTO GTIN"),
    entry("10", "10", text_20, "q", "BATCH/LOT"),
    entry("11", "11", day_or_month, "fq", "PROD DATE"),
    entry("12", "12", day_or_month, "fq", "DUE DATE"),
    entry("13", "13", day_or_month, "fq", "PACK DATE"),
    entry("15", "15", day_or_month, "fq", "BEST BEFORE or BEST BY"),
    entry("16", "16", day_or_month, "fq", "SELL BY"),
    entry("17", "17", day_or_month, "fq", "USE BY or EXPIRY"),
    entry("20", "20", digits_2, "fq", "VARIANT"),
    entry("21", "21", text_20, "", "SERIAL"),
    entry("22", "22", text_20, "", "CPV"),
    entry("235", "235", text_28, "", "TPX"),
    entry("240", "240", text_30, "q", "ADDITIONAL ID"),
    entry("241", "241", text_30, "q", "CUST. PART No."),
    entry("242", "242", digits_to_6, "q", "MTO VARIANT"),
    entry("243", "243", text_20, "q", "PCN"),
    entry("250", "250", text_30, "q", "SECONDARY SERIAL"),
    entry("251", "251", text_30, "q", "REF. TO SOURCE"),
    entry("253", "253", document_type, "qk", "GDTI"),
    entry("254", "254", text_20, "", "GLN EXTENSION COMPONENT"),
    entry("255", "255", coupon_number, "qk", "GCN"),
    entry("30", "30", digits_to_8, "q", "VAR. COUNT"),
    entry("3100", "3105", digits_6, "fq", "NET WEIGHT (kg)"),
    entry("3110", "3115", digits_6, "fq", "LENGTH (m)"),
    entry("3120", "3125", digits_6, "fq", "WIDTH (m)"),
    entry("3130", "3135", digits_6, "fq", "HEIGHT (m)"),
    entry("3140", "3145", digits_6, "fq", "AREA (m²)"),
    entry("3150", "3155", digits_6, "fq", "NET VOLUME (l)"),
    entry("3160", "3165", digits_6, "fq", "NET VOLUME (m³)"),
    entry("3200", "3205", digits_6, "fq", "NET WEIGHT (lb)"),
    entry("3210", "3215", digits_6, "fq", "LENGTH (in)"),
    entry("3220", "3225", digits_6, "fq", "LENGTH (ft)"),
    entry("3230", "3235", digits_6, "fq", "LENGTH (yd)"),
    entry("3240", "3245", digits_6, "fq", "WIDTH (in)"),
    entry("3250", "3255", digits_6, "fq", "WIDTH (ft)"),
    entry("3260", "3265", digits_6, "fq", "WIDTH (yd)"),
    entry("3270", "3275", digits_6, "fq", "HEIGHT (in)"),
    entry("3280", "3285", digits_6, "fq", "HEIGHT (ft)"),
    entry("3290", "3295", digits_6, "fq", "HEIGHT (yd)"),
    entry("3300", "3305", digits_6, "fq", "GROSS WEIGHT (kg)"),
    entry("3310", "3315", digits_6, "fq", "LENGTH (m), log"),
    entry("3320", "3325", digits_6, "fq", "WIDTH (m), log"),
    entry("3330", "3335", digits_6, "fq", "HEIGHT (m), log"),
    entry("3340", "3345", digits_6, "fq", "AREA (m²), log"),
    entry("3350", "3355", digits_6, "fq", "VOLUME (l), log"),
    entry("3360", "3365", digits_6, "fq", "VOLUME (m³), log"),
    entry("3370", "3375", digits_6, "fq", "KG PER m²"),
    entry("3400", "3405", digits_6, "fq", "GROSS WEIGHT (lb)"),
    entry("3410", "3415", digits_6, "fq", "LENGTH (in), log"),
    entry("3420", "3425", digits_6, "fq", "LENGTH (ft), log"),
    entry("3430", "3435", digits_6, "fq", "LENGTH (yd), log"),
    entry("3440", "3445", digits_6, "fq", "WIDTH (in), log"),
    entry("3450", "3455", digits_6, "fq", "WIDTH (ft), log"),
    entry("3460", "3465", digits_6, "fq", "WIDTH (yd), log"),
    entry("3470", "3475", digits_6, "fq", "HEIGHT (in), log"),
    entry("3480", "3485", digits_6, "fq", "HEIGHT (ft), log"),
    entry("3490", "3495", digits_6, "fq", "HEIGHT (yd), log"),
    entry("3500", "3505", digits_6, "fq", "AREA (in²)"),
    entry("3510", "3515", digits_6, "fq", "AREA (ft²)"),
    entry("3520", "3525", digits_6, "fq", "AREA (yd²)"),
    entry("3530", "3535", digits_6, "fq", "AREA (in²), log"),
    entry("3540", "3545", digits_6, "fq", "AREA (ft²), log"),
    entry("3550", "3555", digits_6, "fq", "AREA (yd²), log"),
    entry("3560", "3565", digits_6, "fq", "NET WEIGHT (tr oz)"),
    entry("3570", "3575", digits_6, "fq", "NET VOLUME (oz)"),
    entry("3600", "3605", digits_6, "fq", "NET VOLUME (qt (US))"),
    entry("3610", "3615", digits_6, "fq", "NET VOLUME (gal.)"),
    entry("3620", "3625", digits_6, "fq", "VOLUME (qt (US)), log"),
    entry("3630", "3635", digits_6, "fq", "VOLUME (gal (US)), log"),
    entry("3640", "3645", digits_6, "fq", "NET VOLUME (in³)"),
    entry("3650", "3655", digits_6, "fq", "NET VOLUME (ft³)"),
    entry("3660", "3665", digits_6, "fq", "NET VOLUME (yd³)"),
    entry("3670", "3675", digits_6, "fq", "VOLUME (in³), log"),
    entry("3680", "3685", digits_6, "fq", "VOLUME (ft³), log"),
    entry("3690", "3695", digits_6, "fq", "VOLUME (yd³), log"),
    entry("37", "37", digits_to_8, "q", "COUNT"),
    entry("3900", "3909", digits_to_15, "q", "AMOUNT"),
    entry("3910", "3919", amount_in_currency, "q", "AMOUNT"),
    entry("3920", "3929", digits_to_15, "q", "PRICE"),
    entry("3930", "3939", amount_in_currency, "q", "PRICE"),
    entry("3940", "3943", digits_4, "q", "PRCNT OFF"),
    entry("3950", "3955", digits_6, "q", "PRICE/UoM"),
    entry("400", "400", text_30, "q", "ORDER NUMBER"),
    entry("401", "401", text_30_prefixed, "qk", "GINC"),
    entry("402", "402", shipment, "qk", "GSIN"),
    entry("403", "403", text_30, "q", "ROUTE"),
    entry("410", "410", location, "fq", "SHIP TO LOC"),
    entry("411", "411", location, "fq", "BILL TO"),
    entry("412", "412", location, "fq", "PURCHASE FROM"),
    entry("413", "413", location, "fq", "SHIP FOR LOC"),
    entry("414", "414", location, "fqk", "LOC No."),
    entry("415", "415", location, "fqk", "PAY TO"),
    entry("416", "416", location, "fq", "PROD/SERV LOC"),
    entry("417", "417", location, "fqk", "PARTY"),
    entry("420", "420", text_20, "q", "SHIP TO POST"),
    entry("421", "421", country_post_code, "q", "SHIP TO POST"),
    entry("422", "422", one_country, "q", "ORIGIN"),
    entry("423", "423", five_countries, "q", "COUNTRY - INITIAL PROCESS"),
    entry("424", "424", one_country, "q", "COUNTRY - PROCESS"),
    entry("425", "425", five_countries, "q", "COUNTRY - DISASSEMBLY"),
    entry("426", "426", one_country, "q", "COUNTRY - FULL PROCESS"),
    entry("427", "427", text_3, "q", "ORIGIN SUBDIVISION"),
    entry("4300", "4300", escaped_35, "q", "SHIP TO COMP"),
    entry("4301", "4301", escaped_35, "q", "SHIP TO NAME"),
    entry("4302", "4302", escaped_70, "q", "SHIP TO ADD1"),
    entry("4303", "4303", escaped_70, "q", "SHIP TO ADD2"),
    entry("4304", "4304", escaped_70, "q", "SHIP TO SUB"),
    entry("4305", "4305", escaped_70, "q", "SHIP TO LOC"),
    entry("4306", "4306", escaped_70, "q", "SHIP TO REG"),
    entry("4307", "4307", country_alpha, "q", "SHIP TO COUNTRY"),
    entry("4308", "4308", text_30, "q", "SHIP TO PHONE"),
    entry("4309", "4309", coordinates, "q", "SHIP TO GEO"),
    entry("4310", "4310", escaped_35, "q", "RTN TO COMP"),
    entry("4311", "4311", escaped_35, "q", "RTN TO NAME"),
    entry("4312", "4312", escaped_70, "q", "RTN TO ADD1"),
    entry("4313", "4313", escaped_70, "q", "RTN TO ADD2"),
    entry("4314", "4314", escaped_70, "q", "RTN TO SUB"),
    entry("4315", "4315", escaped_70, "q", "RTN TO LOC"),
    entry("4316", "4316", escaped_70, "q", "RTN TO REG"),
    entry("4317", "4317", country_alpha, "q", "RTN TO COUNTRY"),
    entry("4318", "4318", text_20, "q", "RTN TO POST"),
    entry("4319", "4319", text_30, "q", "RTN TO PHONE"),
    entry("4320", "4320", escaped_35, "q", "SRV DESCRIPTION"),
    entry("4321", "4321", yes_or_no, "q", "DANGEROUS GOODS"),
    entry("4322", "4322", yes_or_no, "q", "AUTH TO LEAVE"),
    entry("4323", "4323", yes_or_no, "q", "SIG REQUIRED"),
    entry("4324", "4324", day_or_month_time, "q", "NOT BEF DEL DT"),
    entry("4325", "4325", day_or_month_time, "q", "NOT AFT DEL DT"),
    entry("4326", "4326", day, "q", "REL DATE"),
    entry("4330", "4330", temperature, "q", "MAX TEMP F."),
    entry("4331", "4331", temperature, "q", "MAX TEMP C."),
    entry("4332", "4332", temperature, "q", "MIN TEMP F."),
    entry("4333", "4333", temperature, "q", "MIN TEMP C."),
    entry("7001", "7001", digits_13, "q", "NSN"),
    entry("7002", "7002", text_30, "q", "MEAT CUT"),
    entry("7003", "7003", day_time, "q", "EXPIRY TIME"),
    entry("7004", "7004", digits_to_4, "q", "ACTIVE POTENCY"),
    entry("7005", "7005", text_12, "q", "CATCH AREA"),
    entry("7006", "7006", day, "q", "FIRST FREEZE DATE"),
    entry("7007", "7007", day_or_days, "q", "HARVEST DATE"),
    entry("7008", "7008", text_3, "q", "AQUATIC SPECIES"),
    entry("7009", "7009", text_10, "q", "FISHING GEAR TYPE"),
    entry("7010", "7010", text_2, "q", "PROD METHOD"),
    entry("7011", "7011", day_maybe_time, "q", "TEST BY DATE"),
    entry("7020", "7020", text_20, "q", "REFURB LOT"),
    entry("7021", "7021", text_20, "q", "FUNC STAT"),
    entry("7022", "7022", text_20, "q", "REV STAT"),
    entry("7023", "7023", text_30_prefixed, "q", "GIAI - ASSEMBLY"),
    entry("7030", "7030", processor, "q", "PROCESSOR # 0"),
    entry("7031", "7031", processor, "q", "PROCESSOR # 1"),
    entry("7032", "7032", processor, "q", "PROCESSOR # 2"),
    entry("7033", "7033", processor, "q", "PROCESSOR # 3"),
    entry("7034", "7034", processor, "q", "PROCESSOR # 4"),
    entry("7035", "7035", processor, "q", "PROCESSOR # 5"),
    entry("7036", "7036", processor, "q", "PROCESSOR # 6"),
    entry("7037", "7037", processor, "q", "PROCESSOR # 7"),
    entry("7038", "7038", processor, "q", "PROCESSOR # 8"),
    entry("7039", "7039", processor, "q", "PROCESSOR # 9"),
    entry("7040", "7040", unique_id_extension, "", "UIC+EXT"),
    entry("7041", "7041", text_4, "", "UFRGT UNIT TYPE"),
    entry("710", "710", text_20, "q", "NHRN PZN"),
    entry("711", "711", text_20, "q", "NHRN CIP"),
    entry("712", "712", text_20, "q", "NHRN CN"),
    entry("713", "713", text_20, "q", "NHRN DRN"),
    entry("714", "714", text_20, "q", "NHRN AIM"),
    entry("715", "715", text_20, "q", "NHRN NDC"),
    entry("716", "716", text_20, "q", "NHRN AIC"),
    entry("717", "717", text_20, "q", "NHRN SRN"),
    entry("7230", "7230", certificate, "q", "CERT # 1"),
    entry("7231", "7231", certificate, "q", "CERT # 2"),
    entry("7232", "7232", certificate, "q", "CERT # 3"),
    entry("7233", "7233", certificate, "q", "CERT # 4"),
    entry("7234", "7234", certificate, "q", "CERT # 5"),
    entry("7235", "7235", certificate, "q", "CERT # 6"),
    entry("7236", "7236", certificate, "q", "CERT # 7"),
    entry("7237", "7237", certificate, "q", "CERT # 8"),
    entry("7238", "7238", certificate, "q", "CERT # 9"),
    entry("7239", "7239", certificate, "q", "CERT # 10"),
    entry("7240", "7240", text_20, "q", "PROTOCOL"),
    entry("7241", "7241", media, "q", "AIDC MEDIA TYPE"),
    entry("7242", "7242", text_25, "q", "VCN"),
    entry("7250", "7250", long_day, "q", "DOB"),
    entry("7251", "7251", long_day_time, "q", "DOB TIME"),
    entry("7252", "7252", person_sex, "q", "BIO SEX"),
    entry("7253", "7253", escaped_40, "q", "FAMILY NAME"),
    entry("7254", "7254", escaped_40, "q", "GIVEN NAME"),
    entry("7255", "7255", text_10, "q", "SUFFIX"),
    entry("7256", "7256", escaped_90, "q", "FULL NAME"),
    entry("7257", "7257", escaped_70, "q", "PERSON ADDR"),
    entry("7258", "7258", sequence, "q", "BIRTH SEQUENCE"),
    entry("7259", "7259", escaped_40, "q", "BABY"),
    entry("8001", "8001", roll, "q", "DIMENSIONS"),
    entry("8002", "8002", text_20, "q", "CMT No."),
    entry("8003", "8003", returnable_asset, "qk", "GRAI"),
    entry("8004", "8004", text_30_prefixed, "qk", "GIAI"),
    entry("8005", "8005", digits_6, "q", "PRICE PER UNIT"),
    entry("8006", "8006", trade_item_piece, "qk", "ITIP"),
    entry("8007", "8007", account, "q", "IBAN"),
    entry("8008", "8008", production_time, "q", "PROD TIME"),
    entry("8009", "8009", text_50, "q", "OPTSEN"),
    entry("8010", "8010", component_part, "qk", "CPID"),
    entry("8011", "8011", part_serial, "", "CPID SERIAL"),
    entry("8012", "8012", text_20, "q", "VERSION"),
    entry("8013", "8013", model, "qk", "GMN"),
    entry("8014", "8014", device_model, "", "MUDI"),
    entry("8017", "8017", service_relation, "qk", "GSRN - PROVIDER"),
    entry("8018", "8018", service_relation, "qk", "GSRN - RECIPIENT"),
    entry("8019", "8019", digits_to_10, "", "SRIN"),
    entry("8020", "8020", text_25, "", "REF No."),
    entry("8026", "8026", trade_item_piece, "q", "ITIP CONTENT"),
    entry("8030", "8030", signature, "q", "DIGSIG"),
    entry("8040", "8040", digits_15, "", "IMEI"),
    entry("8041", "8041", digits_15, "", "IMEI2"),
    entry("8042", "8042", digits_32, "", "ESIM"),
    entry("8043", "8043", sim, "", "PSIM"),
    entry("8110", "8110", text_70, "q", "COUPON CODE"),
    entry("8111", "8111", digits_4, "q", "POINTS"),
    entry("8112", "8112", text_70, "q", "PAPERLESS COUPON CODE"),
    entry("8200", "8200", text_70, "", "PRODUCT URL"),
    entry("90", "90", text_30, "q", "INTERNAL"),
    entry("91", "99", text_90, "q", "INTERNAL"),
    // clang-format on
};

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

constexpr std::size_t slots = 11'100;

/// Row number + 1 of every AI, so that looking one up is one step.
constexpr auto index = [] {
    std::array<std::uint8_t, slots> made{};
    static_assert(std::size(entries) < 255);
    for (std::size_t row = 0; row < std::size(entries); ++row) {
        for (auto slot = slot_of(entries[row].first); slot <= slot_of(entries[row].last); ++slot) {
            made[slot] = static_cast<std::uint8_t>(row + 1);
        }
    }
    return made;
}();

using Names = std::string_view;
constexpr Names of_trade_item[] = {"22", "10", "21"};
constexpr Names of_trade_item_tpx[] = {"235"};
constexpr Names of_location[] = {"254"};
constexpr Names of_identification_scheme[] = {"7040"};
constexpr Names of_payment[] = {"8020"};
constexpr Names of_part[] = {"8011"};
constexpr Names of_service[] = {"8019"};

constexpr QualifierSequence trade_item_sequences[] = {of_trade_item, of_trade_item_tpx};
constexpr QualifierSequence piece_sequences[] = {of_trade_item};
constexpr QualifierSequence location_sequences[] = {of_location, of_identification_scheme};
constexpr QualifierSequence payment_sequences[] = {of_payment};
constexpr QualifierSequence scheme_sequences[] = {of_identification_scheme};
constexpr QualifierSequence part_sequences[] = {of_part};
constexpr QualifierSequence service_sequences[] = {of_service};

void check_component(Component const& component, std::string_view text, std::size_t offset, ValueFaults& faults)
{
    if (auto const at = find_outside(component.charset, text); at != std::string_view::npos) {
        return faults.add({Rule::characters, offset + at, 1});
    }
    for (Rule const rule : component.rules) {
        if (rule == Rule::none) return;
        if (!keeps(rule, text)) return faults.add({rule, offset, text.size()});
    }
}

} // namespace

std::size_t AiEntry::length_min() const
{
    std::size_t sum = 0;
    for (auto const& component : format) sum += component.optional ? 0 : component.length_min;
    return sum;
}

std::size_t AiEntry::length_max() const
{
    std::size_t sum = 0;
    for (auto const& component : format) sum += component.length_max;
    return sum;
}

std::span<AiEntry const> ai_table() { return entries; }

AiEntry const* find_ai(std::string_view ai)
{
    auto const slot = slot_of(ai);
    if (slot >= slots || index[slot] == 0) return nullptr;
    return &entries[index[slot] - 1U];
}

std::size_t ai_length(std::string_view text)
{
    if (text.size() < 2 || !is_digit(text[0]) || !is_digit(text[1])) return 0;
    std::size_t length = 2;
    switch ((text[0] - '0') * 10 + (text[1] - '0')) {
    case 23:
    case 24:
    case 25:
    case 40:
    case 41:
    case 42:
    case 71:
        length = 3;
        break;
    case 31:
    case 32:
    case 33:
    case 34:
    case 35:
    case 36:
    case 39:
    case 43:
    case 70:
    case 72:
    case 80:
    case 81:
    case 82:
        length = 4;
        break;
    default:
        break;
    }
    if (text.size() < length) return 0;
    return std::all_of(text.begin() + 2, text.begin() + static_cast<std::ptrdiff_t>(length), is_digit) ? length : 0;
}

std::size_t predefined_length(std::string_view ai)
{
    if (ai.size() < 2 || !is_digit(ai[0]) || !is_digit(ai[1])) return 0;
    switch ((ai[0] - '0') * 10 + (ai[1] - '0')) {
    case 0:
        return 20;
    case 1:
    case 2:
    case 3:
        return 16;
    case 4:
        return 18;
    case 11:
    case 12:
    case 13:
    case 14:
    case 15:
    case 16:
    case 17:
    case 18:
    case 19:
        return 8;
    case 20:
        return 4;
    case 31:
    case 32:
    case 33:
    case 34:
    case 35:
    case 36:
        return 10;
    case 41:
        return 16;
    default:
        return 0;
    }
}

std::span<QualifierSequence const> qualifier_sequences(std::string_view key)
{
    if (key == "01") return trade_item_sequences;
    if (key == "8006") return piece_sequences;
    if (key == "414") return location_sequences;
    if (key == "415") return payment_sequences;
    if (key == "417" || key == "8004") return scheme_sequences;
    if (key == "8010") return part_sequences;
    if (key == "8017" || key == "8018") return service_sequences;
    return {};
}

ValueFaults check_value(AiEntry const& entry, std::string_view value)
{
    ValueFaults faults;
    if (value.empty()) {
        faults.add({Rule::empty, 0, 0});
        return faults;
    }
    std::size_t at = 0;
    for (auto const& component : entry.format) {
        auto const rest = value.substr(at);
        if (rest.empty() && component.optional) break;
        if (rest.size() < component.length_min) {
            // Wrong characters first: they say more than the length of what is left.
            auto const outside = find_outside(component.charset, rest);
            if (outside != std::string_view::npos) faults.add({Rule::characters, at + outside, 1});
            faults.add({Rule::too_short, at, rest.size()});
            return faults;
        }
        auto const text = rest.substr(0, component.length_max);
        check_component(component, text, at, faults);
        at += text.size();
    }
    if (at < value.size()) faults.add({Rule::too_long, at, value.size() - at});
    return faults;
}

} // namespace nguon::gs1
