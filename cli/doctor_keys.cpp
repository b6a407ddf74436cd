#include "cli/doctor_keys.hpp"

#include "connector/delivery_log.hpp"
#include "core/sealed.hpp"
#include "core/signed_note.hpp"
#include "db/connections.hpp"
#include "db/delivery_log.hpp"
#include "db/installation.hpp"
#include "db/label_check_keys.hpp"

#include <sys/stat.h>

namespace nguon::cli {
namespace {

/// What is wrong with the file itself; good when nothing is, or when it is missing and nothing needs it.
Finding look_at_file(std::string const& what, std::filesystem::path const& file, bool needed, char const* missing)
{
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) {
        if (needed) return {false, what, "missing", missing, {file.string()}};
        return {true, what, "not made yet"};
    }
    constexpr mode_t others = 077;
    if ((status.st_mode & others) != 0) return {false, what, "others may read it", "doctor.key_open", {file.string()}};
    return {true, what, "there"};
}

struct SealedText {
    std::string text;
    std::string purpose;
};

std::vector<SealedText> sealed_texts(db::Connection& c)
{
    std::vector<SealedText> out;
    for (auto const& connection : db::connections::list(c)) {
        auto const& target = connection.target;
        if (!connection.sealed_secret.empty())
            out.push_back({connection.sealed_secret, db::connections::secret_purpose(target)});
        for (auto const* slot : {"current", "next", "old"})
            if (auto const certificate = db::connections::find_certificate(c, target, slot))
                out.push_back({certificate->sealed_key, db::connections::key_purpose(target)});
    }
    for (auto const& key : db::label_check_keys::list(c))
        out.push_back({key.sealed, db::label_check_keys::purpose(key.id)});
    return out;
}

Finding look_at_sealing_key(db::Connection& c, std::filesystem::path const& file)
{
    auto const sealed = sealed_texts(c);
    auto found = look_at_file("sealing key", file, !sealed.empty(), "sealed.key_missing");
    if (!found.good || found.detail != "there") return found;
    auto const sealer = Sealer::open(file, Sealer::Missing::refuse);
    if (!sealer) return {false, found.what, "cannot be used", sealer.error().key, sealer.error().values};
    for (auto const& one : sealed)
        if (auto const opened = (*sealer)->unseal(one.text, one.purpose); !opened)
            return {false, found.what, "does not open " + one.purpose, opened.error().key, opened.error().values};
    found.detail = "opens all of " + std::to_string(sealed.size()) + " secrets";
    return found;
}

Finding look_at_log_key(db::Connection& c, std::filesystem::path const& file)
{
    auto const newest = db::delivery_log::newest_checkpoint(c);
    auto found = look_at_file("log key", file, newest.has_value(), "doctor.log_key_missing");
    if (!found.good || found.detail != "there") return found;
    auto const installation = db::installation::find(c);
    auto const signer = NoteSigner::open(file, connector::log_origin(installation ? installation->id : ""));
    if (!signer) return {false, found.what, "cannot be used", signer.error().key, signer.error().values};
    if (newest && !signer->verifier().open(newest->note))
        return {false, found.what, "has not signed the newest checkpoint", "doctor.log_key_other", {file.string()}};
    found.detail = newest ? "signed the newest checkpoint" : "nothing is signed yet";
    return found;
}

} // namespace

std::vector<Finding> look_at_keys(db::Connection& c, std::filesystem::path const& data)
{
    return {look_at_sealing_key(c, data / "sealing.key"), look_at_log_key(c, data / "log.key")};
}

} // namespace nguon::cli
