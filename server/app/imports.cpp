#include "server/app/imports.hpp"

#include "core/fold.hpp"
#include "core/limits/imports.hpp"
#include "core/office/workbook.hpp"
#include "db/audit_log.hpp"
#include "db/reference.hpp"
#include "server/app/organizations.hpp"
#include "server/app/products.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

constexpr std::array organization_sheet{
    SheetColumn{"name", "Tên đơn vị", "Hợp tác xã Ví Dụ", true},
    SheetColumn{"kind", "Loại", "Hợp tác xã", true},
    SheetColumn{"tax_code", "Mã số thuế", "0100109106", true},
    SheetColumn{"commune_code", "Xã, phường", "Bản Bo", true},
    SheetColumn{"address_line", "Địa chỉ (thôn, bản, số nhà)", "bản Hợp Nhất"},
    SheetColumn{"phone", "Điện thoại", ""},
    SheetColumn{"website", "Trang mạng", ""},
    SheetColumn{"gs1_prefix", "Tiền tố mã doanh nghiệp", ""},
};

constexpr std::array product_sheet{
    SheetColumn{"name", "Tên sản phẩm", "Chè xanh Ví Dụ", true},
    SheetColumn{"group_code", "Nhóm hàng", "Chè", true},
    SheetColumn{"net_weight", "Khối lượng (hoặc dung tích)", "200"},
    SheetColumn{"weight_unit", "Đơn vị (g, kg, ml, l, cái, hộp)", "g"},
    SheetColumn{"gtin", "Số dưới mã vạch", ""},
    SheetColumn{"shelf_life_days", "Hạn dùng (số ngày)", "365"},
    SheetColumn{"origin", "Xuất xứ", ""},
    SheetColumn{"applied_standards", "Tiêu chuẩn áp dụng (cách nhau bằng dấu ;)", ""},
    SheetColumn{"brand", "Nhãn hiệu", ""},
    SheetColumn{"description", "Giới thiệu", ""},
    SheetColumn{"code", "Mã nội bộ", ""},
    SheetColumn{"hs_code", "Mã HS", ""},
    SheetColumn{"ocop_stars", "Hạng OCOP", ""},
    SheetColumn{"ocop_decision", "Quyết định OCOP số", ""},
    SheetColumn{"ocop_valid_to", "OCOP có giá trị đến", ""},
};

using Fields = decltype(SheetLine::fields);

std::string& field(Fields& fields, std::string_view name) { return fields[std::string{name}]; }

bool is_number(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Excel takes a code for a number and drops its first zero.
void give_back_zero(std::string& text, std::initializer_list<std::size_t> lengths)
{
    bool const short_by_one =
        std::ranges::any_of(lengths, [&](std::size_t length) { return text.size() + 1 == length; });
    if (is_number(text) && short_by_one) text.insert(0, 1, '0');
}

/// A number cell has a point; "1.250", which could be either, stays for the reader to refuse.
void use_comma(std::string& text)
{
    auto const point = text.find('.');
    if (point == std::string::npos || text.find(',') != std::string::npos || text.size() - point == 4) return;
    text[point] = ',';
}

/// The word of the field for what people see in its place, in either language.
template <typename Words>
void take_word(Locale const& locale, std::string_view prefix, Words const& words, std::string& text)
{
    auto const typed = fold(text);
    for (auto const word : words) {
        auto const key = std::string{prefix} + std::string{word};
        for (auto const* language : {"vi", "en"})
            if (auto const* shown = locale.find(language, key); shown != nullptr && fold(*shown) == typed) text = word;
    }
}

/// A refused choice is told with the words that people see, not with ours.
template <typename Words>
void tell_words(Locale const& locale, std::string_view prefix, Words const& words, std::string_view name,
                std::vector<FieldError>& faults)
{
    std::string shown;
    for (auto const word : words)
        shown += (shown.empty() ? "" : ", ") + locale.text("vi", std::string{prefix} + std::string{word}, {});
    for (auto& fault : faults)
        if (fault.key == "field.choice" && fault.pointer.ends_with(name) && fault.values.size() == 2)
            fault.values[1] = shown;
}

/// The code of a commune for its name, with or without "xã"; a name that two have stays for the catalogue to refuse.
std::string code_of_commune(std::vector<db::reference::Commune> const& communes, std::string const& typed)
{
    std::string found;
    for (auto const& commune : communes) {
        bool const same = fold(commune.name) == fold(typed) || fold(commune.kind + " " + commune.name) == fold(typed);
        if (!same) continue;
        if (!found.empty()) return typed;
        found = commune.code;
    }
    return found.empty() ? typed : found;
}

/// The code of a group for its name, with or without what it says in brackets.
std::string code_of_group(std::vector<db::reference::ProductGroup> const& groups, std::string const& typed)
{
    auto const is_named = [&](std::string const& name) {
        return fold(name) == fold(typed) || fold(name.substr(0, name.find(" ("))) == fold(typed);
    };
    for (auto const& group : groups)
        if (is_named(group.name) || is_named(group.name_en)) return group.code;
    return typed;
}

/// Where a refusal belongs that names no field.
std::string_view place_of(std::string_view key)
{
    if (key == "organization.tax_code_taken") return "/tax_code";
    if (key == "product.code_taken") return "/code";
    return key.starts_with("gtin.") || key.starts_with("identifier.") ? "/gtin" : "/name";
}

/// Goes through a sheet: what a line is (`read`), whether it is there (`knows`), how it is written (`add`); collects
/// the faults of all lines.
template <typename Read, typename Knows, typename Add>
Result<Imported> import_lines(SheetLines const& sheet, Read read, Knows knows, Add add)
{
    if (sheet.lines.size() > limits::import_lines_max)
        return invalid("import.too_many", {std::to_string(limits::import_lines_max)});
    Imported out;
    std::vector<FieldError> faults;
    std::map<std::string, std::size_t> rows; // where something stood before in this sheet
    for (auto const& line : sheet.lines) {
        std::vector<FieldError> of_line;
        auto fields = line.fields;
        auto const wanted = read(fields, of_line);
        if (of_line.empty()) {
            auto const [known, key] = knows(wanted);
            auto const [before, is_first] = rows.try_emplace(key, line.row);
            if (!is_first) {
                of_line.push_back({"/name", "import.twice", {std::to_string(before->second + 1)}});
            } else if (known) {
                ++out.known;
            } else if (auto const added = add(wanted); added) {
                ++out.added;
            } else {
                of_line = added.error().fields;
                auto const& error = added.error();
                if (of_line.empty()) of_line.push_back({std::string{place_of(error.key)}, error.key, error.values});
            }
        }
        add_cell_faults(sheet, line, std::move(of_line), faults);
    }
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return out;
}

void note_import(db::Connection& c, Actor const& actor, std::string_view action, Imported const& imported)
{
    db::audit_log::Entry entry;
    entry.org = actor.org;
    entry.action = action;
    entry.entity_kind = "organization";
    entry.entity_id = actor.org.text();
    entry.detail = nlohmann::json{{"added", imported.added}, {"known", imported.known}}.dump();
    db::audit_log::append(c, actor.change(), entry);
}

/// An area is a commune or the whole province.
bool reaches(ImportReach const& reach, std::string const& commune)
{
    auto const holds = [&](std::string const& area) { return area == commune || area == reach.province_code; };
    return reach.areas.empty() || std::ranges::any_of(reach.areas, holds);
}

struct Known {
    bool is_there = false;
    std::string key = {}; // the same for lines that mean the same thing
};

/// Products of one enterprise, by whatever tells them apart.
class KnownProducts {
public:
    KnownProducts(db::Connection& c, OrganizationId const& org)
    {
        constexpr std::int64_t at_once = 500;
        for (std::int64_t from = 0;; from += at_once) {
            auto const heads = db::products::list(c, org, from, at_once);
            for (auto const& head : heads)
                if (auto const product = db::products::fields(c, head.id, head.latest_version)) {
                    keys_.insert(named(*product));
                    if (!product->code.empty()) keys_.insert("code " + product->code);
                    if (!product->gtin.empty()) keys_.insert("gtin " + product->gtin);
                }
            if (static_cast<std::int64_t>(heads.size()) < at_once) return;
        }
    }

    Known knows(Product const& product) const
    {
        auto const key = key_of(product);
        return {keys_.contains(key), key};
    }

private:
    static std::string named(Product const& product)
    {
        return "name " + fold(product.name) + "|" + product.group_code + "|" + product.net_weight + product.weight_unit;
    }
    static std::string key_of(Product const& product)
    {
        if (!product.gtin.empty()) return "gtin " + product.gtin;
        return product.code.empty() ? named(product) : "code " + product.code;
    }

    std::set<std::string> keys_ = {};
};

std::string workbook_of(std::string name, std::span<SheetColumn const> columns, std::string catalogue,
                        std::vector<std::vector<office::Cell>> choices)
{
    auto const rows = sample_rows(columns);
    office::Sheet sheet;
    sheet.name = std::move(name);
    sheet.header = rows[0];
    auto& example = sheet.rows.emplace_back();
    for (auto const& text : rows[1]) example.emplace_back(text);
    office::Sheet beside;
    beside.name = std::move(catalogue);
    beside.header = {"Tên", "Mã"};
    beside.rows = std::move(choices);
    return office::write_workbook({std::move(sheet), std::move(beside)});
}

} // namespace

std::span<SheetColumn const> organization_columns() { return organization_sheet; }
std::span<SheetColumn const> product_columns() { return product_sheet; }

std::string write_organization_sheet(db::Connection& c, std::string const& province_code)
{
    std::vector<std::vector<office::Cell>> communes;
    for (auto const& commune : db::reference::communes(c, province_code))
        communes.push_back({commune.kind + " " + commune.name, commune.code});
    return workbook_of("Đơn vị", organization_sheet, "Xã, phường", std::move(communes));
}

std::string write_product_sheet(db::Connection& c)
{
    std::vector<std::vector<office::Cell>> groups;
    for (auto const& group : db::reference::product_groups(c)) groups.push_back({group.name, group.code});
    return workbook_of("Sản phẩm", product_sheet, "Nhóm hàng", std::move(groups));
}

Result<Imported> import_organizations(db::Connection& c, Actor const& actor, Locale const& locale,
                                      ImportReach const& reach, SheetLines const& sheet)
{
    auto const communes = db::reference::communes(c, reach.province_code);
    auto const read = [&](Fields& fields, std::vector<FieldError>& faults) {
        take_word(locale, "province.organization_kind.", organization_kinds, field(fields, "kind"));
        give_back_zero(field(fields, "tax_code"), {10, 12});
        give_back_zero(field(fields, "phone"), {10});
        give_back_zero(field(fields, "commune_code"), {5});
        auto& commune = field(fields, "commune_code");
        commune = code_of_commune(communes, commune);
        JsonReader reader{fields, faults};
        auto wanted = read_organization(reader);
        tell_words(locale, "province.organization_kind.", organization_kinds, "kind", faults);
        if (commune.empty())
            faults.push_back({"/commune_code", "field.required", {}});
        else if (!reaches(reach, commune))
            faults.push_back({"/commune_code", "import.outside_area", {}});
        if (wanted.organization.kind == "authority") faults.push_back({"/kind", "organization.authority_fixed", {}});
        return wanted;
    };
    auto const knows = [&](OrganizationInput const& wanted) -> Known {
        if (auto const& code = wanted.organization.tax_code; !code.empty())
            return {db::organizations::find_by_tax_code(c, code).ok(), code};
        auto const& number = wanted.tax_identity_number;
        return {db::organizations::find_by_identity(c, number).has_value(), number};
    };
    auto const add = [&](OrganizationInput const& wanted) { return register_organization(c, actor, wanted); };
    auto const imported = import_lines(sheet, read, knows, add);
    if (imported) note_import(c, actor, "organization.import", *imported);
    return imported;
}

Result<Imported> import_products(db::Connection& c, Actor const& actor, Locale const& locale, SheetLines const& sheet)
{
    auto const groups = db::reference::product_groups(c);
    KnownProducts const before{c, actor.org};
    auto const read = [&](Fields& fields, std::vector<FieldError>& faults) {
        auto& group = field(fields, "group_code");
        group = code_of_group(groups, group);
        take_word(locale, "console.product.weight_unit.", weight_units, field(fields, "weight_unit"));
        use_comma(field(fields, "net_weight"));
        std::ranges::replace(field(fields, "applied_standards"), ';', '\n');
        JsonReader reader{fields, faults};
        auto product = read_product(reader);
        tell_words(locale, "console.product.weight_unit.", weight_units, "weight_unit", faults);
        return product;
    };
    auto const knows = [&](Product const& product) { return before.knows(product); };
    auto const add = [&](Product const& product) { return register_product(c, actor, product, {}); };
    auto const imported = import_lines(sheet, read, knows, add);
    if (imported) note_import(c, actor, "product.import", *imported);
    return imported;
}

Error tried(Imported const& imported)
{
    return conflict(std::string{tried_key}, {std::to_string(imported.added), std::to_string(imported.known)});
}

} // namespace nguon::server::app
