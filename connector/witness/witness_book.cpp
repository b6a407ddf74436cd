#include "connector/witness/witness_book.hpp"

#include "core/bytes.hpp"
#include "core/checkpoint.hpp"
#include "core/files.hpp"
#include "core/merkle.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace nguon::witness {
namespace {

constexpr std::size_t proof_lines_max = 63;
constexpr std::string_view old_word = "old ";

struct Submission {
    std::uint64_t old_size = 0;
    std::vector<std::string> proof = {};
    std::string_view note = {};
};

std::optional<Submission> read_submission(std::string_view request)
{
    Submission submission;
    auto const first = take_line(request);
    if (!first.starts_with(old_word)) return std::nullopt;
    auto const number = first.substr(old_word.size());
    auto const [end, fault] = std::from_chars(number.data(), number.data() + number.size(), submission.old_size);
    bool const plain = number == "0" || !number.starts_with('0');
    if (fault != std::errc{} || end != number.data() + number.size() || !plain) return std::nullopt;
    for (auto line = take_line(request); !line.empty(); line = take_line(request)) {
        auto const hash = from_base64(line);
        if (!hash || hash->size() != 32 || submission.proof.size() == proof_lines_max) return std::nullopt;
        submission.proof.push_back(*hash);
    }
    submission.note = request;
    return submission;
}

Reply refuse(unsigned status, std::string text)
{
    return {status, "text/plain; charset=utf-8", std::move(text) + "\n"};
}

} // namespace

Result<WitnessBook> WitnessBook::open(std::filesystem::path directory, std::string name, std::vector<NoteVerifier> logs)
{
    std::error_code fault;
    std::filesystem::create_directories(directory, fault);
    if (fault) return invalid("witness.directory", {directory.string()});
    auto signer = NoteSigner::open(directory / "witness.key", std::move(name), NoteKind::cosignature);
    if (!signer) return signer.error();
    WitnessBook book{std::move(directory), *std::move(signer), std::move(logs)};
    for (auto const& log : book.logs_)
        if (auto const loaded = book.load(log); !loaded) return loaded.error();
    return book;
}

std::filesystem::path WitnessBook::file_of(std::string const& origin) const
{
    return directory_ / (sha256_hex(origin).substr(0, 16) + ".checkpoint");
}

Status WitnessBook::load(NoteVerifier const& log)
{
    auto const file = file_of(log.name());
    if (!std::filesystem::exists(file)) return Done{};
    auto const note = read_file(file);
    auto const text = note ? log.open(*note) : Result<std::string>{note.error()};
    auto const checkpoint = text ? read_checkpoint(*text) : Result<CheckpointText>{text.error()};
    // To begin anew would be to sign for whatever history is shown next.
    if (!checkpoint) return invalid("witness.checkpoint", {file.string()});
    seen_[log.name()] = {checkpoint->size, checkpoint->root};
    return Done{};
}

Reply WitnessBook::add(std::string_view request, Instant now)
{
    auto const submission = read_submission(request);
    if (!submission) return refuse(400, "malformed request");
    auto note = submission->note;
    auto const origin = take_line(note);
    auto const log = std::ranges::find(logs_, origin, [](auto const& one) { return std::string_view{one.name()}; });
    if (log == logs_.end()) return refuse(404, "unknown log");
    auto const text = log->open(submission->note);
    if (!text) return refuse(403, "not signed by the log");
    auto const checkpoint = read_checkpoint(*text);
    if (!checkpoint || submission->old_size > checkpoint->size) return refuse(400, "malformed checkpoint");

    auto& seen = seen_[log->name()];
    bool const forked = seen.size == checkpoint->size && seen.size > 0 && seen.root != checkpoint->root;
    if (submission->old_size != seen.size || forked) return {409, "text/x.tlog.size", std::to_string(seen.size) + "\n"};
    bool const grown = seen.size == 0 ? submission->proof.empty()
                                      : merkle::verify_consistency(seen.size, checkpoint->size, seen.root,
                                                                   checkpoint->root, submission->proof);
    if (!grown) return refuse(422, "the log was changed");
    if (auto const stored = write_file(file_of(log->name()), submission->note, readable_by_group); !stored)
        return refuse(500, "the checkpoint cannot be stored");
    seen = {checkpoint->size, checkpoint->root};
    return {200, "text/plain; charset=utf-8", signer_.cosignature_line(*text, now)};
}

} // namespace nguon::witness
