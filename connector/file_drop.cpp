#include "connector/file_drop.hpp"

#include "connector/file_wire.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

namespace nguon::connector {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t receipts_bytes_max = 8U * 1024 * 1024;
constexpr mode_t ours_only = 0600;
constexpr mode_t readable_by_group = 0640; // the program that carries files to the portal

[[noreturn]] void fail(fs::path const& path)
{
    throw fs::filesystem_error{"file drop", path, std::error_code{errno, std::generic_category()}};
}

/// Closes what it holds.
class Descriptor {
public:
    Descriptor(fs::path const& path, int flags, mode_t mode = 0) : value_{::open(path.c_str(), flags | O_CLOEXEC, mode)}
    {
        if (value_ < 0) fail(path);
    }
    ~Descriptor() { ::close(value_); }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;

    int get() const { return value_; }

private:
    int value_;
};

void sync_directory(fs::path const& directory)
{
    Descriptor const opened{directory, O_RDONLY | O_DIRECTORY};
    if (::fsync(opened.get()) != 0) fail(directory);
}

/// All or nothing, also when the power goes: nobody ever sees half a file under its name.
void write_durably(fs::path const& file, std::string_view bytes, mode_t mode)
{
    auto const temporary = fs::path{file}.replace_filename("." + file.filename().string() + ".tmp");
    {
        Descriptor const opened{temporary, O_WRONLY | O_CREAT | O_TRUNC, mode};
        while (!bytes.empty()) {
            auto const count = ::write(opened.get(), bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) fail(temporary);
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        if (::fsync(opened.get()) != 0) fail(temporary);
    }
    fs::rename(temporary, file);
    sync_directory(file.parent_path());
}

/// Nothing when there is no such file.
std::optional<std::string> read_whole(fs::path const& file)
{
    std::ifstream in{file, std::ios::binary};
    if (!in && !fs::exists(file)) return std::nullopt;
    std::string text{std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
    if (!in) fail(file);
    return text;
}

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

/// A disk that is full or away is to a target of files what a broken line is to another.
Answer no_answer(std::string text)
{
    Answer answer;
    answer.fault = Fault::connect;
    answer.fault_text = std::move(text);
    return answer;
}

} // namespace

FileDrop::FileDrop(fs::path directory, std::shared_ptr<EVP_PKEY> key)
    : directory_{std::move(directory)}, base_url_{"file:" + directory_.string()}, key_{std::move(key)}
{
}

Result<std::shared_ptr<FileDrop>> FileDrop::open(fs::path const& directory, fs::path const& signing_key)
{
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const file{std::fopen(signing_key.c_str(), "re"), &std::fclose};
    std::shared_ptr<EVP_PKEY> key;
    if (file) key.reset(PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519)
        return invalid("target.signing_key", {signing_key.string()});
    std::error_code fault;
    auto const absolute = fs::absolute(directory, fault);
    for (auto const* const name : {"outgoing", "incoming", "kept"})
        if (!fault) fs::create_directories(absolute / name, fault);
    if (fault) return invalid("target.directory", {directory.string()});
    std::shared_ptr<FileDrop> drop{new FileDrop{absolute, std::move(key)}};
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

Answer FileDrop::send_now(Request const& request) const
{
    auto const name = request.path.substr(std::min<std::size_t>(1, request.path.size()));
    if (!is_name(name)) return answer_of(400, "name");
    try {
        if (request.method == http::Method::put) return put(name, request.body);
        return receipts_of(name);
    } catch (std::system_error const& fault) {
        return no_answer(fault.what());
    }
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

Answer FileDrop::put(std::string const& name, std::string const& text) const
{
    auto const kept = directory_ / "kept" / (name + ".json");
    auto const before = read_whole(kept);
    if (before && *before != text) return answer_of(409, "other bytes under this name");
    if (!before) write_durably(kept, text, ours_only);
    publish(name, text);
    return answer_of(202, "");
}

Answer FileDrop::receipts_of(std::string const& name) const
{
    auto const text = read_whole(directory_ / "kept" / (name + ".json"));
    if (!text) return answer_of(404, "");
    publish(name, *text);
    std::vector<fs::path> files;
    for (auto const& entry : fs::directory_iterator{directory_ / "incoming"}) {
        auto const file = entry.path().filename().string();
        if (file.starts_with(name + ".") && file.ends_with(".ndjson")) files.push_back(entry.path());
    }
    std::ranges::sort(files);
    std::string lines;
    for (auto const& file : files) {
        if (fs::file_size(file) > receipts_bytes_max - lines.size()) break;
        lines += read_whole(file).value_or("");
        if (!lines.empty() && lines.back() != '\n') lines += '\n';
    }
    return answer_of(200, std::move(lines));
}

void FileDrop::publish(std::string const& name, std::string const& text) const
{
    auto const sent = directory_ / "kept" / (name + ".sent");
    if (fs::exists(sent)) return;
    auto const bundle = read_bundle(text);
    if (!bundle || !bundle->file.starts_with(name + ".") || bundle->file.find('/') != std::string::npos) {
        errno = EINVAL;
        fail(directory_ / "kept" / (name + ".json"));
    }
    auto const outgoing = directory_ / "outgoing";
    write_durably(outgoing / bundle->file, bundle->content, readable_by_group);
    write_durably(outgoing / (name + ".manifest.json"), bundle->manifest, readable_by_group);
    // Last: with its signature a bundle is complete.
    write_durably(outgoing / (name + ".manifest.sig"), sign(bundle->manifest), readable_by_group);
    write_durably(sent, "", ours_only);
}

std::string FileDrop::sign(std::string const& text) const
{
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    std::string signature(64, '\0');
    auto size = signature.size();
    bool const done = context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
                      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                                     reinterpret_cast<unsigned char const*>(text.data()), text.size()) == 1;
    if (!done) throw std::system_error{EIO, std::generic_category(), "signing a bundle"};
    return signature;
}

} // namespace nguon::connector
