#pragma once

// The templates of database.hpp, which includes this file at its end.

#include "db/database.hpp"

#include <memory>
#include <utility>

namespace nguon::db {

namespace detail {

/// A job that runs `work` and keeps what it returned in `*answer`; running it again replaces that.
template <typename Work, typename Answer>
Job keeping_answer(Work work, std::shared_ptr<Answer> answer)
{
    return [work = std::move(work), answer = std::move(answer)](Connection& c) mutable -> Status {
        *answer = work(c);
        if (!*answer) return answer->error();
        return Done{};
    };
}

template <typename Work>
auto once(Operation operation, Work work)
{
    return [operation = std::move(operation), work = std::move(work)](Connection& c) mutable {
        return operations::run_once(c, operation, work);
    };
}

} // namespace detail

template <typename Work>
auto Database::await_answer(Lane lane, Work work) -> net::awaitable<std::invoke_result_t<Work&, Connection&>>
{
    auto const answer = std::make_shared<std::invoke_result_t<Work&, Connection&>>();
    auto job = detail::keeping_answer(std::move(work), answer);
    auto status = co_await wait_for(lane, std::move(job));
    // What the work returned stands only when the database agrees: a failed commit takes it back.
    if (!status) co_return std::move(status).error();
    co_return std::move(*answer);
}

template <typename Work>
auto Database::answer_now(Lane lane, Work work) -> std::invoke_result_t<Work&, Connection&>
{
    auto const answer = std::make_shared<std::invoke_result_t<Work&, Connection&>>();
    auto status = wait_now(lane, detail::keeping_answer(std::move(work), answer));
    if (!status) return std::move(status).error();
    return std::move(*answer);
}

template <typename Work>
auto Database::read(Work work) -> net::awaitable<std::invoke_result_t<Work&, Connection&>>
{
    return await_answer(Lane::read, std::move(work));
}

template <typename Work>
auto Database::write(Work work) -> net::awaitable<std::invoke_result_t<Work&, Connection&>>
{
    return await_answer(Lane::write, std::move(work));
}

template <typename Work>
auto Database::write_unseen(Work work) -> net::awaitable<std::invoke_result_t<Work&, Connection&>>
{
    return await_answer(Lane::unseen_write, std::move(work));
}

template <typename Work>
auto Database::write(Operation operation, Work work) -> net::awaitable<Result<OperationAnswer>>
{
    return await_answer(Lane::write, detail::once(std::move(operation), std::move(work)));
}

template <typename Work>
auto Database::read_now(Work work) -> std::invoke_result_t<Work&, Connection&>
{
    return answer_now(Lane::read, std::move(work));
}

template <typename Work>
auto Database::write_now(Work work) -> std::invoke_result_t<Work&, Connection&>
{
    return answer_now(Lane::write, std::move(work));
}

template <typename Work>
auto Database::write_unseen_now(Work work) -> std::invoke_result_t<Work&, Connection&>
{
    return answer_now(Lane::unseen_write, std::move(work));
}

template <typename Work>
auto Database::write_now(Operation operation, Work work) -> Result<OperationAnswer>
{
    return answer_now(Lane::write, detail::once(std::move(operation), std::move(work)));
}

} // namespace nguon::db
