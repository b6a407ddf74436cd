#pragma once

#include "connector/catalogues.hpp"
#include "connector/most_settings.hpp"
#include "connector/target.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

/// Records as the portal's text. Pure.
namespace nguon::connector {

/// What the record says, read from its payload once for all that is asked below: the fields, or the event.
nlohmann::json content_of(Record const& record);

/// Why a record of this type cannot be sent as it is: the field of ours that is missing or wrong ("gtin", "images",
/// "net_weight", "weight_unit", "name"), or nothing.
std::optional<std::string> missing_for_most(std::string_view type, nlohmann::json const& content);

/// The value that is looked up before such a record is created, empty when there is no look-up.
std::string lookup_value(MostSettings const& settings, std::string const& type, nlohmann::json const& content);

/// A value of a record that stands in a catalogue of the portal.
struct Catalogued {
    FieldRule const& rule;
    std::string value = {};
};

/// All of them. The portal must have been asked for their catalogues before the record is written.
std::vector<Catalogued> catalogued(MostSettings const& settings, std::string const& type,
                                   nlohmann::json const& content);

/// Those that have no entry in their catalogues.
std::vector<db::portal_catalogues::Gap> gaps_of(std::vector<Catalogued> const& values, Catalogues const& catalogues);

/// One line of the request: {"duLieu","khoa","loai","maBam","maBanGhi","phienBan","phienBanTruoc","thaoTac"}.
/// `portal_id` is the portal's number when it knows the record already; then the line is an update.
std::string make_wire(MostSettings const& settings, Record const& record, nlohmann::json const& content,
                      std::string const& portal_id, Catalogues const& catalogues);

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
