#pragma once

#include "db/connection.hpp"

/// Catalogues of the state, with their validity. They serve everybody.
namespace nguon::db::reference {

struct Province {
    std::string code = {};
    std::string name = {};
    std::string valid_from = {};
};

struct Commune {
    std::string code = {};
    std::string province_code = {};
    std::string kind = {}; // phường, xã, đặc khu
    std::string name = {};
    std::optional<double> latitude = {};
    std::optional<double> longitude = {};
    std::string valid_from = {};
};

struct Succession {
    std::string former_kind = {}; // province, commune
    std::string former_name = {};
    std::string former_code = {};
    std::string successor_code = {};
    std::string valid_from = {};
};

struct ProductGroup {
    std::string code = {};
    std::string name = {};
    std::string name_en = {};
    std::string template_group = {}; // key of core/epcis/templates
    std::string hs_code = {};
};

/// Writes or renews the entries; the operator's own file of communes comes in the same way.
void save(Connection& c, std::vector<Province> const& provinces);
void save(Connection& c, std::vector<Commune> const& communes);
void save(Connection& c, std::vector<Succession> const& successions);
void save(Connection& c, std::vector<ProductGroup> const& groups);

std::vector<Province> provinces(Connection& c);
std::vector<Commune> communes(Connection& c, std::string_view province_code);
std::vector<ProductGroup> product_groups(Connection& c);
std::optional<ProductGroup> find_product_group(Connection& c, std::string_view code);
std::optional<Commune> find_commune(Connection& c, std::string_view code);
std::optional<Province> find_province(Connection& c, std::string_view code);

/// "xã Bản Bo, Lai Châu"; the typed text where the code is not in the catalogue.
std::string commune_name(Connection& c, std::string_view code, std::string_view typed = {});

} // namespace nguon::db::reference
