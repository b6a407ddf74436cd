#pragma once

#include "connector/answers.hpp"
#include "connector/receipt_keys.hpp"
#include "core/limits.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// How the portal of the Ministry of Science and Technology is spoken to. No official guide is public: paths, names and
/// error words are what third-party clients show, and all of them can be replaced by a mapping file.
namespace nguon::connector {

/// How a value of ours is written there.
enum class FieldKind {
    text,   // as it stands; lists are joined with "; "
    number, // decimal text → number
    images, // list of SHA-256 → list of the portal's numbers, or of public addresses
    place,  // {line, commune_code, …} → one line of text
    step,   // a business step in any spelling → its bare word
};

struct FieldRule {
    std::string from = {}; // JSON pointer into "fields" or "event"
    std::string to = {};
    FieldKind kind = FieldKind::text;
    std::string catalogue = {}; // of the portal, whose code stands for the value; empty: the value itself goes
};

/// One of the portal's catalogues: a list of {code, name, parent}.
struct MostCatalogue {
    std::string path = {}; // behind base_path
    std::string code_field = "ma";
    std::string name_field = "ten";
    std::string parent_field = "maCha";
};

/// One resource of the portal, for one record type of ours.
struct MostResource {
    std::string path = {};             // behind base_path
    std::string id_field = {};         // the portal's number of this record
    std::string lookup_parameter = {}; // empty: no look-up before creating
    std::string lookup_from = {};      // pointer to the value looked up
    std::vector<FieldRule> fields = {};
    std::map<std::string, std::string> constants = {};
};

/// How pictures are sent there. A form with the picture and its SHA-256, sent once for each picture; the same one twice
/// does no harm.
struct MostPictures {
    std::string path = "/HinhAnh";      // behind base_path; empty: records carry our public addresses instead
    std::string file_field = "file";    // names in the form
    std::string digest_field = "maBam"; // also in the answer
    std::string answer_field = "idAnh"; // what records carry: the portal's number, or address, of the picture
    std::size_t bytes_max = limits::portal_picture_bytes_max;
};

struct MostSettings {
    std::string name = "most";
    std::string api_url = {};
    std::string sso_url = {}; // empty: api_url
    std::string token_path = "/sso/token";
    std::string client_id = "nguon";
    std::string client_secret = {};
    std::string base_path = "/gwdev/tochuc/v5";
    std::string confirm_suffix = "/XacNhan";
    std::string reconcile_path = "/DoiSoat"; // behind base_path; empty: the portal cannot be asked what it has
    std::string public_url = {};             // in front of /f/SHA256 of pictures
    std::size_t records_max = limits::delivery_batch_records_max;
    MostPictures pictures = {};
    std::map<std::string, MostCatalogue> catalogues = {}; // by name, those that some field uses
    ReceiptKeys receipt_keys = {};
    std::map<std::string, MostResource> resources = {};    // by record type
    std::map<std::string, std::string> parent_fields = {}; // record type → name of its number in children
    std::map<std::string, std::string> error_classes = {}; // beginning of an error word → class, see below
    std::map<std::string, std::string> event_kinds = {};   // bare bizStep → kind of SuKien; "" is the default
};

/// The defaults described in vietnam's public clients: ToChuc_HoSo, DiaDiem, SanPham, ChuoiSanXuat, SuKien.
MostSettings default_most_settings();

/// Replaces what a JSON text names: {"tokenPath", "basePath", "confirmSuffix", "reconcilePath", "ssoUrl", "clientId",
/// "recordsMax", "pictures": {"path", "fileField", "digestField", "answerField", "bytesMax"}, "catalogues":
/// {"donViTinh": {"path", "codeField", "nameField", "parentField"}} (with an empty path there is none), "resources":
/// {"product": {"path", "idField", "lookupParameter", "fields": {"ten": "tenSanPham"}, "fieldCatalogues": {"xuatXu":
/// "quocGia"}}}, "parentFields", "errorClasses", "eventKinds"}. Errors: those of parse_json, and "most.mapping"
/// {pointer}.
Status apply_mapping(MostSettings& settings, std::string_view json_text);

/// What an error word of the portal says of the record or of the portal: retry, refused, conflict, identity,
/// transient; words that no rule covers are unknown.
enum class ErrorMeaning { unknown, transient, identity, refused, retry, conflict };
ErrorMeaning meaning_of(MostSettings const& settings, std::string_view error_word);

} // namespace nguon::connector
