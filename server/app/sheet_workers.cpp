#include "server/app/sheet_workers.hpp"

#include "core/runtime/cpu_pool.hpp"
#include "core/runtime/worker_answer.hpp"

#include <exception>

namespace nguon::server::app {
namespace {

constexpr char sheet_kind = 's';

std::string write_answer(SheetRows const& rows)
{
    worker_answer::Writer writer;
    writer.number(static_cast<std::uint32_t>(rows.size()));
    for (auto const& row : rows) {
        writer.number(static_cast<std::uint32_t>(row.size()));
        for (auto const& cell : row) writer.text(cell);
    }
    return writer.take();
}

std::string answer_sheet_request(std::string_view request)
{
    try {
        auto const rows = read_sheet(std::string{request.substr(1)});
        return rows ? write_answer(*rows) : worker_answer::refuse(rows.error().key);
    } catch (std::exception const&) {
        // More memory than the limits grant.
        return worker_answer::refuse(sheet_too_large().key);
    }
}

} // namespace

WorkerTask sheet_task() { return {sheet_kind, answer_sheet_request}; }

std::string sheet_request(std::string_view xlsx)
{
    std::string request(1, sheet_kind);
    request += xlsx;
    return request;
}

Result<SheetRows> read_sheet_answer(std::string_view answer)
{
    // The child may say anything: only refusals that we know pass.
    if (worker_answer::refusal(answer) == sheet_too_large().key) return sheet_too_large();
    if (!worker_answer::is_good(answer)) return not_a_sheet();

    worker_answer::Reader reader{answer};
    auto const count = reader.number();
    if (count > limits::sheet_rows_max) return not_a_sheet();
    SheetRows rows(count);
    for (auto& row : rows) {
        auto const cells = reader.number();
        if (cells > limits::sheet_columns_max) return not_a_sheet();
        row.resize(cells);
        for (auto& cell : row) cell = reader.utf8(limits::sheet_cell_bytes_max);
    }
    if (!reader.finished()) return not_a_sheet();
    return rows;
}

net::awaitable<Result<SheetRows>> SheetWorkers::read(std::string xlsx)
{
    // Refused here already: a large file need not travel to a worker to be refused.
    if (xlsx.size() > limits::sheet_bytes_max) co_return sheet_too_large();
    auto request = sheet_request(xlsx);
    auto answer = co_await pool_.run(std::move(request));
    if (!answer) co_return std::move(answer).error();
    auto work = [answer = *std::move(answer)] { return read_sheet_answer(answer); };
    co_return co_await cpu_pool_.run(std::move(work));
}

} // namespace nguon::server::app
