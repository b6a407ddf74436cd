#pragma once

#include "connector/catalogues.hpp"
#include "connector/most_settings.hpp"
#include "connector/target.hpp"

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

/// Records as the portal's text. Pure.
namespace nguon::connector {

/// Why a record cannot be sent as it is: the field of ours that is missing or wrong ("gtin", "images", "net_weight",
/// "weight_unit", "name"), or nothing.
std::optional<std::string> missing_for_most(Record const& record);

/// The value that is looked up before the record is created, empty when there is no look-up.
std::string lookup_value(MostSettings const& settings, Record const& record);

/// The catalogues that values of the record are of; the portal must have been asked for them before it is written.
std::vector<std::string> needed_catalogues(MostSettings const& settings, Record const& record);

/// Values of the record that have no entry in their catalogues.
std::vector<db::portal_catalogues::Gap> gaps_of(MostSettings const& settings, Record const& record,
                                                Catalogues const& catalogues);

/// One line of the request: {"duLieu","khoa","loai","maBam","maBanGhi","phienBan","phienBanTruoc","thaoTac"}.
/// `portal_id` is the portal's number when it knows the record already; then the line is an update.
std::string make_wire(MostSettings const& settings, Record const& record, std::string const& portal_id,
                      Catalogues const& catalogues = {});

/// The request for one picture: what stands before and after its bytes, and the media type of the whole.
struct PictureForm {
    std::string before = {};
    std::string after = {};
    std::string media_type = {};
};
PictureForm make_picture_form(MostPictures const& settings, std::string const& sha256);

/// Whether these wire bytes create a record there, or change one.
bool is_create(std::string const& wire);

} // namespace nguon::connector
