#include "connector/file_drop.hpp"

#include "connector/file_wire.hpp"
#include "core/files.hpp"

#include <algorithm>
#include <system_error>
#include <vector>

#include <unistd.h>

namespace nguon::connector {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t receipts_bytes_max = 8U * 1024 * 1024;

bool is_name(std::string_view name)
{
    return !name.empty() && name.size() <= 200 && name.front() != '.' && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

Answer answer_of(unsigned status, std::string body)
{
    Answer answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

/// What lies there for a bundle, by name.
Result<std::vector<fs::path>> receipt_files(fs::path const& directory, std::string const& name)
{
    std::error_code fault;
    std::vector<fs::path> files;
    for (fs::directory_iterator at{directory, fault}, end; !fault && at != end; at.increment(fault)) {
        auto const file = at->path().filename().string();
        if (file.starts_with(name + ".") && file.ends_with(".ndjson")) files.push_back(at->path());
    }
    if (fault) return unavailable("file.cannot_read", directory.string() + ": " + fault.message());
    std::ranges::sort(files);
    return files;
}

/// A disk that is full or away is to a target of files what a broken line is to another.
Answer no_answer(std::string text)
{
    Answer answer;
    answer.fault = Fault::connect;
    answer.fault_text = std::move(text);
    return answer;
}

} // namespace

FileDrop::FileDrop(fs::path directory, ed25519::PrivateKey key)
    : directory_{std::move(directory)}, base_url_{"file:" + directory_.string()}, key_{std::move(key)}
{
}

Result<std::shared_ptr<FileDrop>> FileDrop::open(fs::path const& directory, fs::path const& signing_key)
{
    auto key = ed25519::PrivateKey::read_pem(signing_key);
    if (!key) return invalid("target.signing_key", {signing_key.string()});
    std::error_code fault;
    auto const absolute = fs::absolute(directory, fault);
    for (auto const* const name : {"outgoing", "incoming", "kept"})
        if (!fault) fs::create_directories(absolute / name, fault);
    if (fault) return invalid("target.directory", {directory.string()});
    std::shared_ptr<FileDrop> drop{new FileDrop{absolute, *std::move(key)}};
    if (drop->probe_now().fault != Fault::none) return invalid("target.directory", {directory.string()});
    return drop;
}

net::awaitable<Answer> FileDrop::send(Request request)
{
    auto work = [this, request = std::move(request)] { return send_now(request); };
    auto answer = co_await thread_.run(std::move(work));
    co_return answer ? *std::move(answer) : no_answer(answer.error().key);
}

net::awaitable<Answer> FileDrop::probe()
{
    auto work = [this] { return probe_now(); };
    auto answer = co_await thread_.run(std::move(work));
    co_return answer ? *std::move(answer) : no_answer(answer.error().key);
}

net::awaitable<std::vector<FileDrop::Kept>> FileDrop::kept_before(Instant before, std::string after, std::size_t count)
{
    auto work = [this, before, after = std::move(after), count] { return kept_before_now(before, after, count); };
    auto kept = co_await thread_.run(std::move(work));
    co_return kept ? *std::move(kept) : std::vector<Kept>{};
}

net::awaitable<std::size_t> FileDrop::forget(std::vector<std::string> names)
{
    auto work = [this, names = std::move(names)] { return forget_now(names); };
    auto const count = co_await thread_.run(std::move(work));
    co_return count ? *count : 0;
}

std::vector<FileDrop::Kept> FileDrop::kept_before_now(Instant before, std::string const& after, std::size_t count) const
{
    std::vector<fs::path> old;
    std::error_code fault;
    for (fs::directory_iterator at{directory_ / "kept", fault}, end; !fault && at != end; at.increment(fault)) {
        auto const& file = at->path();
        std::error_code gone;
        auto const written = std::chrono::file_clock::to_sys(at->last_write_time(gone));
        if (!gone && file.extension() == ".json" && file.stem() > after && written < before) old.push_back(file);
    }
    std::ranges::sort(old);
    std::vector<Kept> kept;
    for (auto const& file : old) {
        if (kept.size() == count) break;
        auto const text = read_file(file);
        auto const bundle = text ? read_bundle(*text) : std::nullopt;
        // What cannot be read names nothing that could be known to have arrived.
        if (bundle) kept.push_back({file.stem().string(), record_keys(*bundle)});
    }
    return kept;
}

std::size_t FileDrop::forget_now(std::vector<std::string> const& names) const
{
    std::size_t count = 0;
    for (auto const& name : names) {
        auto const left = receipt_files(directory_ / "incoming", name);
        std::error_code fault;
        if (left)
            for (auto const& file : *left)
                if (!fault) fs::remove(file, fault);
        // The bundle itself goes last: as long as it is there, the rest is tried again.
        if (!fault) fs::remove(directory_ / "kept" / (name + ".sent"), fault);
        if (left && !fault && fs::remove(directory_ / "kept" / (name + ".json"), fault)) ++count;
    }
    return count;
}

Answer FileDrop::send_now(Request const& request) const
{
    auto const name = request.path.substr(std::min<std::size_t>(1, request.path.size()));
    if (!is_name(name)) return answer_of(400, "name");
    auto answer = request.method == http::Method::put ? put(name, request.body) : receipts_of(name);
    return answer ? *std::move(answer) : no_answer(answer.error().key + ": " + answer.error().log_text);
}

Answer FileDrop::probe_now() const
{
    for (auto const* const name : {"outgoing", "kept"})
        if (::access((directory_ / name).c_str(), W_OK | X_OK) != 0)
            return no_answer((directory_ / name).string() + " cannot be written");
    if (::access((directory_ / "incoming").c_str(), R_OK | X_OK) != 0)
        return no_answer((directory_ / "incoming").string() + " cannot be read");
    return {};
}

Result<Answer> FileDrop::put(std::string const& name, std::string const& text) const
{
    auto const kept = directory_ / "kept" / (name + ".json");
    if (fs::exists(kept)) {
        auto const before = read_file(kept);
        if (!before) return before.error();
        if (*before != text) return answer_of(409, "other bytes under this name");
    } else if (auto const written = write_file(kept, text, owner_only); !written) {
        return written.error();
    }
    if (auto const published = publish(name, text); !published) return published.error();
    return answer_of(202, "");
}

Result<Answer> FileDrop::receipts_of(std::string const& name) const
{
    auto const kept = directory_ / "kept" / (name + ".json");
    if (!fs::exists(kept)) return answer_of(404, "");
    auto const text = read_file(kept);
    if (!text) return text.error();
    if (auto const published = publish(name, *text); !published) return published.error();
    auto const files = receipt_files(directory_ / "incoming", name);
    if (!files) return files.error();
    std::string lines;
    for (auto const& file : *files) {
        auto const receipts = read_file(file);
        if (!receipts) return receipts.error();
        if (receipts->size() > receipts_bytes_max - lines.size()) break;
        lines += *receipts;
        if (!lines.empty() && lines.back() != '\n') lines += '\n';
    }
    return answer_of(200, std::move(lines));
}

Status FileDrop::publish(std::string const& name, std::string const& text) const
{
    auto const sent = directory_ / "kept" / (name + ".sent");
    if (fs::exists(sent)) return Done{};
    auto const bundle = read_bundle(text);
    if (!bundle || !bundle->file.starts_with(name + ".") || bundle->file.find('/') != std::string::npos)
        return unavailable("file.cannot_read", "kept/" + name + ".json is no bundle");
    auto const outgoing = directory_ / "outgoing";
    auto const manifest = outgoing / (name + ".manifest.json");
    auto const signature = outgoing / (name + ".manifest.sig");
    // The program that carries files to the portal reads them. With its signature, the last, a bundle is complete.
    auto done = write_file(outgoing / bundle->file, bundle->content, readable_by_group);
    if (done) done = write_file(manifest, bundle->manifest, readable_by_group);
    if (done) done = write_file(signature, key_.sign(bundle->manifest), readable_by_group);
    if (done) done = write_file(sent, "", owner_only);
    return done;
}

} // namespace nguon::connector
