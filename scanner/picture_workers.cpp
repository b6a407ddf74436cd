#include "scanner/picture_workers.hpp"

#include "scanner/decode_worker.hpp"

namespace nguon::scanner {

namespace {

/// The pool knows files; people sent a picture.
Error to_picture_error(Error const& error)
{
    if (error.key == "file.too_large") return Error{ErrorCode::too_large, "picture.too_large", {}, {}, {}};
    if (error.key == "file.too_complex") return invalid("picture.timeout");
    if (error.key == "file.unreadable") return invalid("picture.broken");
    return error;
}

Result<Photos> to_photos(Result<std::string> const& answer)
{
    if (!answer) return to_picture_error(answer.error());
    return read_photos_answer(*answer);
}

Result<Done> check_size(std::string_view picture)
{
    // Refused here already: a large file need not travel to a worker to be refused.
    if (picture.size() > limits::picture_bytes_max) return Error{ErrorCode::too_large, "picture.too_large", {}, {}, {}};
    return Done{};
}

} // namespace

Result<std::vector<DecodedCode>> PictureWorkers::to_codes(Result<std::string> const& answer)
{
    if (!answer) return to_picture_error(answer.error());
    auto found = read_decode_answer(*answer);
    if (!found) return found.error();
    if (found->cut_short) ++cut_short_;
    if (found->codes.empty()) return invalid("picture.no_code");
    return std::move(found->codes);
}

bool PictureWorkers::needs_another_search(Result<std::string> const& answer)
{
    if (answer || answer.error().key != "file.unreadable") return false;
    ++searched_again_;
    return true;
}

net::awaitable<Result<std::vector<DecodedCode>>> PictureWorkers::decode(std::string picture)
{
    if (auto const checked = check_size(picture); !checked) co_return checked.error();
    auto request = picture_request(PictureTask::decode, picture);
    auto answer = co_await pool_.run(std::move(request));
    if (needs_another_search(answer)) {
        auto again = picture_request(PictureTask::decode_again, picture);
        answer = co_await pool_.run(std::move(again));
    }
    co_return to_codes(answer);
}

net::awaitable<Result<Photos>> PictureWorkers::make_photos(std::string picture)
{
    if (auto const checked = check_size(picture); !checked) co_return checked.error();
    auto request = picture_request(PictureTask::photos, picture);
    auto const answer = co_await pool_.run(std::move(request));
    co_return to_photos(answer);
}

Result<std::vector<DecodedCode>> PictureWorkers::decode_now(std::string_view picture)
{
    if (auto const checked = check_size(picture); !checked) return checked.error();
    auto answer = pool_.run_now(picture_request(PictureTask::decode, picture));
    if (needs_another_search(answer)) answer = pool_.run_now(picture_request(PictureTask::decode_again, picture));
    return to_codes(answer);
}

Result<Photos> PictureWorkers::make_photos_now(std::string_view picture)
{
    if (auto const checked = check_size(picture); !checked) return checked.error();
    return to_photos(pool_.run_now(picture_request(PictureTask::photos, picture)));
}

std::vector<WorkerTask> picture_tasks()
{
    return {{static_cast<char>(PictureTask::decode), answer_picture_request},
            {static_cast<char>(PictureTask::decode_again), answer_picture_request},
            {static_cast<char>(PictureTask::photos), answer_picture_request}};
}

} // namespace nguon::scanner
